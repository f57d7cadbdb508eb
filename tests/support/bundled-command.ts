import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { bundling } from '../../platform/supervisor/release/bundle.ts';
import { isUpToDate, saveInputs } from '../../platform/supervisor/release/release-inputs.ts';

/**
 * Where this test run keeps a bundle of `pandect`. Half of what a supervisor needs to start is for finding and reading its fifteen
 * hundred files. From the sources run all other commands, starts that are refused, those as another user, those before the
 * bundle is made, and those of copies in which a test has changed one of its files.
 */
const store = process.env.PANDECT_TEST_COMMAND;

const checkout = join(import.meta.dirname, '../..');

export interface BundledCommand {
  program: string;
  compileCache: string;
}

/** The bundle, if it was made of the very files that a checkout has. The first caller of the run makes it. */
export async function bundledCommand(root: string): Promise<BundledCommand | undefined> {
  if (store === undefined) return undefined;
  const kept = join(store, 'kept');
  if (!existsSync(kept)) {
    const isFirst = await mkdir(join(store, 'making')).then(
      () => true,
      () => false,
    );
    if (!isFirst) return undefined;
    await make(kept);
  }
  if (!(await isUpToDate({ folder: kept }, root))) return undefined;
  return { program: join(kept, 'pandect.js'), compileCache: join(store, 'compile-cache') };
}

async function make(kept: string): Promise<void> {
  const { build, stop } = await import('esbuild');
  const draft = await mkdtemp(`${kept}-`);
  const { metafile } = await build({
    ...bundling,
    absWorkingDir: checkout,
    entryPoints: ['pandect.ts'],
    outdir: draft,
    external: [...bundling.external, 'esbuild'],
    define: {},
    plugins: [places],
    metafile: true,
    logLevel: 'error',
  });
  // It would complain when the worker ends without it.
  await stop();
  await writeFile(join(draft, 'package.json'), '{"type":"module"}');
  await symlink(join(checkout, 'node_modules'), join(draft, 'node_modules'));
  const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
  await saveInputs(draft, checkout, sources);
  await rename(draft, kept);
}

/** What lies next to a source is found from the folder that the command is started in, which is its checkout. */
const places: Plugin = {
  name: 'places',
  setup(setup) {
    setup.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const place = relative(checkout, path);
      // It writes the expression into what it builds.
      if (place === 'platform/supervisor/release/bundle.ts' || place.startsWith('node_modules/')) return undefined;
      const text = await readFile(path, 'utf8');
      const at = (to: string) => `(process.cwd() + ${JSON.stringify(`/${to}`)})`;
      const contents = text
        .replaceAll('import.meta.dirname', at(dirname(place)))
        .replaceAll('import.meta.url', `('file://' + ${at(place)})`);
      return { contents, loader: 'ts' };
    });
  },
};
