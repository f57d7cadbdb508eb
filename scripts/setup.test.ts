import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  for (const path of ['scripts', '.node-version', 'package-lock.json']) {
    await cp(join(project, path), join(root, path), { recursive: true });
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs the setup on a machine whose npm can fetch nothing, with a Node of some version. */
async function setUp(node: string) {
  const bin = join(root, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'node'), `#!/bin/sh\necho ${node}\n`, { mode: 0o755 });
  await writeFile(join(bin, 'npm'), `#!/bin/sh\necho "$*" >>"${root}/asked"\necho 'no registry' >&2\nexit 1\n`, {
    mode: 0o755,
  });
  // What runs elsewhere is not brought in.
  const servers = { DATABASE_URL: 'postgres://x', REDIS_URL: 'redis://x', PANDECT_EDGE: 'external' };
  const failure = await promisify(execFile)(join(root, 'scripts/setup'), [], {
    env: { ...servers, PATH: `${bin}:${process.env.PATH}`, HOME: root },
    timeout: 20_000,
  }).then(
    () => undefined,
    (error: { stderr: string }) => error.stderr,
  );
  return { failure, asked: (await readFile(join(root, 'asked'), 'utf8')).trim().split('\n') };
}

describe('scripts/setup', () => {
  it('asks for the exact versions of Node and npm', async () => {
    const version = (await readFile(join(project, '.node-version'), 'utf8')).trim();
    const { failure, asked } = await setUp('v20.1.0');
    expect(asked).toEqual([expect.stringMatching(new RegExp(` node@${version} npm@\\d+\\.\\d+\\.\\d+$`))]);
    expect(failure).toContain('no registry');
  });

  it('fails without the packages of the lock file instead of taking others', async () => {
    const { failure, asked } = await setUp('v24.99.0');
    expect(asked).toEqual([expect.stringMatching(/^ci /)]);
    expect(failure).toContain('no registry');
  });
});
