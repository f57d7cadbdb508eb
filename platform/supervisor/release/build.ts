import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, parse, relative } from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions as EsbuildOptions, type OutputFile } from 'esbuild';
import type { Unit } from '../unit.ts';
import type { Release } from './release.ts';
import { saveInputs } from './release-inputs.ts';
import { saveOrigin } from './releases.ts';

/** Packages with native parts: they cannot be bundled and are copied beside the bundle instead. */
const nativePackages = ['@node-rs/argon2'];

export interface BuildOptions {
  /** The checkout. */
  root: string;
  /** Where releases are kept. */
  releases: string;
  /** What the unit's processes will see. */
  environment: Record<string, string>;
}

/** Builds a unit; the same content gives the release that is already there. */
export async function buildRelease(unit: Unit, { root, releases, environment }: BuildOptions): Promise<Release> {
  const { files, natives, inputs } = await bundle(unit, root);
  const manifest = JSON.stringify(unit.manifest);
  const settings = JSON.stringify(Object.fromEntries(Object.entries(environment).toSorted()));
  const id = digest([
    ...files.map((file) => `${relative(root, file.path)}\0${file.hash}`),
    manifest,
    settings,
    ...natives,
  ]);
  const folder = join(releases, unit.name, id);
  const release = { id, unit: unit.name, folder, entry: join(folder, 'main.js') };
  if (existsSync(folder)) {
    // The same content may have come from files that were written anew.
    await saveInputs(folder, root, inputs);
    return release;
  }

  // Whatever stops the build half-way leaves only this folder, which nothing looks at.
  const draft = join(releases, unit.name, `.draft-${process.pid}-${id}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  for (const file of files) await writeFile(join(draft, relative(outputFolder(root), file.path)), file.contents);
  await writeFile(join(draft, 'package.json'), '{"type":"module"}\n');
  await writeFile(join(draft, 'manifest.json'), manifest);
  await writeFile(join(draft, 'environment.json'), settings, { mode: 0o600 });
  await saveInputs(draft, root, inputs);
  const revision = await gitRevision(root);
  for (const name of natives) await copyPackage(name, root, join(draft, 'node_modules'));
  await saveOrigin({ folder: draft }, { ...(revision && { revision }), bytes: await folderSize(draft) });
  await rename(draft, folder);
  return release;
}

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
  // Only files that a manifest names as assets are no code.
  loader: { '.ttf': 'copy', '.wasm': 'copy' },
  // CommonJS packages ask for Node's own modules through `require`.
  banner: {
    js: "import{createRequire as __pandectRequire}from'node:module';const require=__pandectRequire(import.meta.url);",
  },
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies EsbuildOptions;

const outputFolder = (root: string) => join(root, 'release');

async function bundle(unit: Unit, root: string): Promise<{ files: OutputFile[]; natives: string[]; inputs: string[] }> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [{ in: 'pandect:entry', out: 'main' }, ...childEntries(unit), ...assetEntries(unit)],
    outdir: outputFolder(root),
    ...bundling,
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        setup(setup) {
          setup.onResolve({ filter: /^pandect:entry$/ }, (args) => ({ path: args.path, namespace: 'entry' }));
          setup.onLoad({ filter: /.*/, namespace: 'entry' }, () => ({
            contents: entrySource(unit, root),
            resolveDir: root,
            loader: 'ts',
          }));
        },
      },
    ],
  });
  const imports = Object.values(result.metafile.outputs).flatMap((output) => output.imports);
  const natives = nativePackages.filter((name) => imports.some((entry) => entry.external && entry.path === name));
  // What the build makes up itself carries the name of its plugin before a colon.
  const inputs = Object.keys(result.metafile.inputs).filter((path) => !path.includes(':'));
  return { files: result.outputFiles.toSorted((a, b) => a.path.localeCompare(b.path)), natives, inputs };
}

/** The lines that make a process of a function or worker. */
function entrySource({ kind, name, folder }: Unit, root: string): string {
  const [file, module, run] = kind === 'function' ? ['function', 'app', 'Function'] : ['worker', 'handle', 'Worker'];
  const place = relative(root, folder);
  return `import manifest from './${place}/${file}.ts';
import * as module from './${place}/${module}.ts';
import { run${run} } from './platform/runtime/run-${kind}.ts';
import { standBy } from './platform/runtime/stand-by.ts';
await standBy();
await run${run}('${name}', manifest, module);`;
}

const childEntries = (unit: Unit) =>
  unit.kind === 'worker' ? Object.entries(unit.manifest.children).map(([out, path]) => ({ in: path, out })) : [];

/** Copied as they are; the extension is added again. */
const assetEntries = ({ manifest }: Unit) =>
  (manifest.assets ?? []).map((path) => ({ in: path, out: parse(path).name }));

/** A package with everything it needs at run time, including the build for this machine. */
async function copyPackage(name: string, from: string, target: string): Promise<void> {
  const manifestPath = findPackage(name, from);
  if (manifestPath === undefined) return; // an optional build for another machine
  const folder = join(target, name);
  if (existsSync(folder)) return;
  await cp(dirname(manifestPath), folder, { recursive: true, dereference: true });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(await readFile(manifestPath, 'utf8'));
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
    await copyPackage(needed, dirname(manifestPath), target);
  }
}

function findPackage(name: string, from: string): string | undefined {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name, 'package.json')).find((path) => existsSync(path));
}

/** Undefined where the checkout is none of git's, or there is no git. */
async function gitRevision(root: string): Promise<string | undefined> {
  try {
    const git = async (...args: string[]) =>
      (await promisify(execFile)('git', ['-C', root, ...args], { timeout: 5_000 })).stdout.trim();
    const [revision, changes] = await Promise.all([
      git('rev-parse', '--short=10', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return changes === '' ? revision : `${revision}+`;
  } catch {
    return undefined;
  }
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const digest = (parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
