import { dirname, join, parse, relative } from 'node:path';
import { type BuildContext, type BuildOptions, context, type Metafile, type OutputFile } from 'esbuild';
import { openOnce } from '../../kernel/calls/open-once.ts';
import type { Unit } from '../unit.ts';
import { lean, nativePackages } from './lean.ts';
import { readVariables } from './read-variables.ts';

/** How code becomes a bundle, whatever it is. */
export const bundling = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  external: nativePackages,
  // A source that was pushed has the packages behind a link, and gives the same bundle.
  preserveSymlinks: true,
  // Only files that a manifest names as assets are no code.
  loader: { '.ttf': 'copy', '.wasm': 'copy' },
  // CommonJS packages ask for Node's own modules through `require`.
  banner: {
    js: "import{createRequire as __pandectRequire}from'node:module';const require=__pandectRequire(import.meta.url);",
  },
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies BuildOptions;

/** Where the paths of a bundle's files begin; nothing is written there. */
export const outputFolder = (root: string) => join(root, 'release');

export interface Bundled {
  files: OutputFile[];
  /** Source maps of these files. Processes never read them. */
  maps: OutputFile[];
  /** Packages that must lie next to it. */
  natives: NativePackage[];
  /** Names of the variables that it can read. */
  variables: string[];
  /** Files of the checkout that it came from, relative to it. */
  inputs: string[];
}

/**
 * A package that code in a folder of the bundle imports, and that must lie there. What a child process alone may load is found by nothing
 * else where the child has a folder of its own.
 */
export interface NativePackage {
  /** From the bundle's root; empty for it. */
  folder: string;
  name: string;
}

/** @param root the checkout */
export type Bundle = (unit: Unit, root: string) => Promise<Bundled>;

/**
 * Bundles one unit after the other, never two at a time. What a file was parsed into is kept for the next unit, since they
 * share most of their files, and for the next time; a file that has changed is read again.
 */
export function createBundler(): Bundle {
  const contexts = new Map<string, Promise<BuildContext<{ metafile: true; write: false }>>>();
  /** What the entry that is asked for now consists of. */
  let source = '';

  const open = (root: string, entryPoints: EntryPoint[]) =>
    context({
      absWorkingDir: root,
      entryPoints,
      outdir: outputFolder(root),
      ...bundling,
      write: false,
      metafile: true,
      // The bundle names no map and is the same with it; the sources stay in the checkout.
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      plugins: [
        lean,
        {
          name: 'entry',
          setup(setup) {
            setup.onResolve({ filter: /^pandect:entry$/ }, (args) => ({ path: args.path, namespace: 'entry' }));
            setup.onLoad({ filter: /.*/, namespace: 'entry' }, () => ({
              contents: source,
              resolveDir: root,
              loader: 'ts',
            }));
          },
        },
      ],
    });

  return async (unit, root) => {
    const entryPoints = [{ in: 'pandect:entry', out: 'main' }, ...childEntries(unit), ...assetEntries(unit)];
    const key = JSON.stringify([root, entryPoints]);
    const opened = await openOnce(contexts, key, () => open(root, entryPoints));
    source = entrySource(unit, root);
    const { outputFiles, metafile } = await opened.rebuild();
    const [files, maps] = [outputFiles.filter((file) => !isMap(file)), outputFiles.filter(isMap)];
    return {
      files: files.toSorted((a, b) => a.path.localeCompare(b.path)),
      maps,
      natives: nativesIn(metafile, relative(root, outputFolder(root))),
      variables: readVariables(files),
      // What the build makes up itself carries the name of its plugin before a colon.
      inputs: Object.keys(metafile.inputs).filter((path) => !path.includes(':')),
    };
  };
}

/** @param place where the paths of the outputs begin */
function nativesIn({ outputs }: Metafile, place: string): NativePackage[] {
  const folders = Map.groupBy(Object.entries(outputs), ([path]) => relative(place, dirname(path)));
  return [...folders].flatMap(([folder, files]) => {
    const imported = new Set(files.flatMap(([, { imports }]) => imports.flatMap((e) => (e.external ? [e.path] : []))));
    return nativePackages.filter((name) => imported.has(name)).map((name) => ({ folder, name }));
  });
}

/** The lines that make a process of a function or worker. */
function entrySource({ kind, name, folder, manifest }: Unit, root: string): string {
  const [file, module, run] = kind === 'function' ? ['function', 'app', 'Function'] : ['worker', 'handle', 'Worker'];
  const place = relative(root, folder);
  const isLimited = 'rateLimit' in manifest && manifest.rateLimit !== 'none';
  return `${isLimited ? "import { limitRate } from './platform/runtime/http/limit-rate.ts';\n" : ''}import manifest from './${place}/${file}.ts';
import * as module from './${place}/${module}.ts';
import { run${run} } from './platform/runtime/run-${kind}.ts';
await run${run}('${name}', manifest, module${isLimited ? ', limitRate' : ''});`;
}

const isMap = ({ path }: OutputFile) => path.endsWith('.map');

type EntryPoint = { in: string; out: string };

/** Programs of child processes and of threads. */
const childEntries = ({ kind, manifest }: Unit): EntryPoint[] =>
  Object.entries(kind === 'worker' ? manifest.children : manifest.threads).map(([out, path]) => ({ in: path, out }));

/** Copied as they are; the extension is added again. */
const assetEntries = ({ manifest }: Unit): EntryPoint[] =>
  (manifest.assets ?? []).map((path) => ({ in: path, out: parse(path).name }));
