import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { composition } from '../../modules/composition.ts';
import { defineFunction } from '../../platform/kernel/manifest.ts';
import { nodeFor } from '../../platform/services/node-binary.ts';
import { serverUser, unitUser } from '../../platform/services/process-user.ts';
import { giveTo } from '../../platform/services/service-user.ts';
import { prepareUnitFolders } from '../../platform/services/unit-folders.ts';
import { nativesOf } from '../../platform/supervisor/process/confinement.ts';
import { type Instance, spawnInstance } from '../../platform/supervisor/process/instance.ts';
import { settingsDigest } from '../../platform/supervisor/process/settings-digest.ts';
import { planSpawn } from '../../platform/supervisor/process/spawn-plan.ts';
import { createBuilder } from '../../platform/supervisor/release/builder.ts';
import { bundling } from '../../platform/supervisor/release/bundle.ts';
import type { Release } from '../../platform/supervisor/release/release.ts';
import { listReleases, releaseManifest } from '../../platform/supervisor/release/releases.ts';
import { instancePath } from '../../platform/supervisor/traffic/socket-path.ts';
import { readUnits, type Unit } from '../../platform/supervisor/unit.ts';
import { rowsOf } from '../../tests/support/control.ts';
import echoManifest from '../echo/function.ts';
import { type BenchPlatform, checkout } from './platform.ts';

/** Something that can be started as a process next to those of the platform. */
export interface Startable {
  unit: Unit;
  release: Release;
  environment: Record<string, string>;
}

/** A function as the platform runs it. */
export async function runningFunction(platform: BenchPlatform, name: string): Promise<Startable> {
  const unit = (await readUnits(checkout)).find((candidate) => candidate.name === name);
  if (!unit) throw new Error(`Find function "${name}": there is none`);
  const release = await runningRelease(platform, name);
  const built = { ...unit, manifest: await releaseManifest(release) } as Unit;
  return { unit: built, release, environment: await environmentOf(platform, name) };
}

/** What a process of it was started with, of the settings. */
async function environmentOf(platform: BenchPlatform, name: string): Promise<Record<string, string>> {
  const [row] = await rowsOf(platform, name);
  if (!row?.pid) throw new Error(`Read environment of "${name}": it does not run`);
  const entries = (await readFile(`/proc/${row.pid}/environ`, 'utf8')).split('\0').map((line) => line.split(/=(.*)/s));
  return Object.fromEntries(entries.filter(([name]) => variables.some((variable) => variable.name === name)));
}

/** The release of a function or worker that the platform runs. */
export async function runningRelease({ folders }: BenchPlatform, name: string): Promise<Release> {
  const [release] = await listReleases(folders.releases, name);
  if (!release) throw new Error(`Find release of "${name}": there is none`);
  return release;
}

/** The baseline, bundled as functions are and started with the same flags. */
export async function bareProcess({ folders }: BenchPlatform): Promise<Startable> {
  const folder = join(folders.releases, 'bare', 'bench');
  await build({
    ...bundling,
    absWorkingDir: checkout,
    entryPoints: [{ in: 'bench/peers/bare-app.ts', out: 'main' }],
    outdir: folder,
    logLevel: 'silent',
  });
  await stop();
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  const manifest = defineFunction({ mount: ['/api/bare'], rateLimit: 'none' });
  const release = { id: 'bench', unit: 'bare', folder, entry: join(folder, 'main.js') };
  return { unit: { kind: 'function', name: 'bare', folder, manifest }, release, environment: {} };
}

/** A function with full middleware and nothing behind it, made as any function is. */
export async function echoFunction(platform: BenchPlatform): Promise<Startable> {
  // It may see what every function with a rate limit sees.
  const { environment } = await runningFunction(platform, 'usage');
  const unit: Unit = { kind: 'function', name: 'echo', folder: join(checkout, 'bench/echo'), manifest: echoManifest };
  const release = await createBuilder()(unit, { root: checkout, releases: platform.folders.releases });
  return { unit, release, environment };
}

const { variables } = composition;
let counter = 0;

/** Starts a process as the supervisor does; it ends with the platform at the latest. @param compileCache a folder; default: a new, empty one */
export async function startProcess(
  { folders, onEnd }: BenchPlatform,
  { unit, release, environment }: Startable,
  compileCache?: string,
): Promise<Instance> {
  const id = `bench${counter++}`;
  const cache = compileCache ?? (await cacheFolder(folders));
  const { user } = folders;
  const folder = `bench-${unit.name}`;
  await prepareUnitFolders(folders, folder, { id: user?.uid, edge: serverUser(folders, 'edge')?.gid });
  const plan = planSpawn(unit, { ...release, natives: nativesOf(release) }, environment, {
    node: await nodeFor(folders),
    socket: instancePath(folders.run, folder, id),
    instance: id,
    compileCache: cache,
    variables,
  });
  const logFile = join(folders.logs, `bench-${unit.name}.log`);
  const instance = await spawnInstance(unit, release, {
    ...{ id, plan, logFile, user: user && unitUser(folders, unit.manifest.env, variables, user.uid), readySeconds: 30 },
    settings: settingsDigest(environment),
  });
  onEnd(() => instance.stop());
  await instance.ready;
  return instance;
}

export async function cacheFolder(folders: BenchPlatform['folders']): Promise<string> {
  const folder = await mkdtemp(join(folders.root, 'bench-cache-'));
  await giveTo(folders.user, folder);
  return folder;
}
