import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { readSourceRecord, type SourceRecord } from '../source/source-record.ts';
import { sourceRevision } from '../source/source-revision.ts';
import type { Unit } from '../unit.ts';
import { type Bundle, type NativePackage, outputFolder } from './bundle.ts';
import type { Release } from './release.ts';
import { saveInputs } from './release-inputs.ts';
import { saveOrigin } from './releases.ts';

export interface BuildOptions {
  /** The checkout. */
  root: string;
  /** Where releases are kept. */
  releases: string;
}

/** Builds a unit; the same content gives the release that is already there. */
export async function buildRelease(unit: Unit, options: BuildOptions, bundle: Bundle): Promise<Release> {
  const { root, releases } = options;
  const { files, maps, natives, inputs, variables } = await bundle(unit, root);
  const env = [...new Set([...unit.manifest.env, ...variables])].toSorted();
  const manifest = JSON.stringify({ ...unit.manifest, env });
  const packages = await Promise.all(natives.map((native) => describeNative(native, root)));
  const id = digest([...files.map((file) => `${relative(root, file.path)}\0${file.hash}`), manifest, ...packages]);
  const folder = join(releases, unit.name, id);
  const release = { id, unit: unit.name, folder, entry: join(folder, 'main.js') };
  const write = (target: string, written: typeof files) =>
    Promise.all(
      written.map(async (file) => {
        const path = join(target, relative(outputFolder(root), file.path));
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, file.contents);
      }),
    );
  if (existsSync(folder)) {
    // The same content may have come from files that were written again, on other lines.
    await write(folder, maps);
    await saveInputs(folder, root, inputs);
    return release;
  }

  const asked = Promise.all([sourceRevision(root), readSourceRecord(root)]);
  // Whatever stops the build half-way leaves only this folder, which nothing looks at.
  const draft = join(releases, unit.name, `.draft-${process.pid}-${id}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await write(draft, [...files, ...maps]);
  await writeFile(join(draft, 'package.json'), '{"type":"module"}\n');
  await writeFile(join(draft, 'manifest.json'), manifest);
  await saveInputs(draft, root, inputs);
  const [revision, source] = await asked;
  for (const { folder: place, name } of natives) await copyPackage(name, root, join(draft, place, 'node_modules'));
  await saveOrigin(
    { folder: draft },
    { ...(revision && { revision }), ...(source && originOf(source)), bytes: await folderSize(draft) },
  );
  await rename(draft, folder);
  return release;
}

const originOf = ({ from, by }: SourceRecord) => ({ from, ...(by !== undefined && { by }) });

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

/** Where a package goes, and which version: another one makes another release. */
async function describeNative({ folder, name }: NativePackage, root: string): Promise<string> {
  const path = findPackage(name, root);
  if (path === undefined) throw new Error(`Build release: package "${name}": not installed`);
  return `${join(folder, name)}@${JSON.parse(await readFile(path, 'utf8')).version}`;
}

function findPackage(name: string, from: string): string | undefined {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name, 'package.json')).find((path) => existsSync(path));
}

export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export const digest = (parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
