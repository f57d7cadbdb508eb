import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loginNames } from '../../db/logins.ts';
import type { QueueDefinition } from '../capabilities/queue/pgboss/prepare-queues.ts';
import type { FunctionManifest, WorkerManifest } from '../kernel/manifest.ts';
import { workerQueues } from '../kernel/worker-queues.ts';
import { redisLoginNames } from '../services/redis-logins.ts';

/** A function or a worker as the supervisor sees it: a name, a folder and a manifest. */
export type Unit =
  | { kind: 'function'; name: string; folder: string; manifest: FunctionManifest }
  | { kind: 'worker'; name: string; folder: string; manifest: WorkerManifest };

const places = { function: ['functions', 'function.ts'], worker: ['workers', 'worker.ts'] } as const;
const kinds = ['function', 'worker'] as const;

/**
 * All functions and workers of a checkout, in order of their names. Handlers are not loaded.
 * @throws with the mistakes of all manifests at once
 */
export async function readUnits(root: string): Promise<Unit[]> {
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const entries = await readdir(join(root, places[kind][0]), { withFileTypes: true }).catch(noneIfMissing);
      const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
      return names.toSorted().map((name) => ({ kind, name }));
    }),
  );
  const read = await Promise.allSettled(found.flat().map(({ kind, name }) => readManifest(root, kind, name)));
  const mistakes = read.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : []));
  const units = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const queues = queuesOf(units).map(({ name }) => name);
  const twice = queues.find((name, index) => queues.indexOf(name) < index);
  if (twice !== undefined) mistakes.push(`Read manifests: queue "${twice}": two workers serve it`);
  const names = units.map(({ name }) => name);
  const shared = names.find((name, index) => names.indexOf(name) < index);
  if (shared !== undefined) mistakes.push(`Read manifests: "${shared}": a function and a worker have this name`);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return units;
}

/** A stage of an image builds sites before it has functions, and a source may have no worker. */
function noneIfMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** One of them as its folder says now; undefined when there is none. @throws with all mistakes of its manifest */
export async function readUnit(root: string, name: string): Promise<Unit | undefined> {
  const kind = kinds.find((candidate) => existsSync(join(root, places[candidate][0], name, places[candidate][1])));
  return kind && readManifest(root, kind, name);
}

async function readManifest(root: string, kind: Unit['kind'], name: string): Promise<Unit> {
  const [parent, file] = places[kind];
  const folder = join(root, parent, name);
  const path = join(folder, file);
  try {
    // The query makes a long-running supervisor read an edited manifest again. One that is as it was is neither kept twice
    // nor taken to TypeScript's compiler, which then stays loaded.
    const { mtimeNs, size } = await stat(path, { bigint: true });
    const { default: manifest } = await import(`${pathToFileURL(path).href}?at=${mtimeNs}-${size}`);
    requireRoles(manifest);
    return { kind, name, folder, manifest };
  } catch (cause) {
    throw new Error(`Read manifest of ${kind} "${name}": ${(cause as Error).message}`, { cause });
  }
}

/** @throws when a manifest names a role that has no rights anywhere */
function requireRoles({ database, redis }: Unit['manifest']): void {
  // A login of workers belongs to the role of the same name without the queue, and the operator is the supervisor.
  const known = {
    database: ['none', ...loginNames.filter((name) => !name.endsWith('-worker'))],
    redis: redisLoginNames.filter((name) => name !== 'operator'),
  };
  for (const [kind, role] of Object.entries({ database, redis }) as [keyof typeof known, string][]) {
    if (!(known[kind] as readonly string[]).includes(role)) {
      throw new Error(`Read manifest: ${kind}: "${role}": must be one of ${known[kind].join(', ')}`);
    }
  }
}

/** Whether the edge sends requests to it. Functions without a path are the operator's. */
export const isReachable = ({ kind, manifest }: Unit): boolean => kind === 'function' && manifest.mount.length > 0;

/** A process may finish what it has begun; one that takes longer hangs. */
export const drainSeconds = (unit: Unit): number =>
  Math.max(unit.manifest.timeout, unit.kind === 'function' ? unit.manifest.drain : 0, 30) + 10;

/** The job queues that the workers' manifests describe. */
export const queuesOf = (units: readonly Unit[]): QueueDefinition[] =>
  units.flatMap((unit) => (unit.kind === 'worker' ? workerQueues(unit.name, unit.manifest) : []));
