import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, stop } from 'esbuild';
import { afterAll } from 'vitest';
import { bundling } from '../supervisor/release/bundle.ts';
import { lean } from '../supervisor/release/lean.ts';

/**
 * A program of a test file, bundled as a release is: where it is started many times, a start takes a fraction of the time that it
 * takes from the sources. It goes with the file's last test.
 * @param source its path
 * @returns the path of the bundle
 */
export async function bundledProgram(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-program-'));
  afterAll(() => rm(folder, { recursive: true }));
  await build({ ...bundling, entryPoints: [source], outdir: folder, plugins: [lean], logLevel: 'error' });
  // It would complain when the worker ends without it.
  await stop();
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return join(folder, basename(source).replace(/\.ts$/, '.js'));
}
