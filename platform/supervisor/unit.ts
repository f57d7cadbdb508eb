import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionManifest, WorkerManifest } from '../kernel/manifest.ts';

/** A function or a worker as the supervisor sees it: a name, a folder and a manifest. */
export type Unit =
  | { kind: 'function'; name: string; folder: string; manifest: FunctionManifest }
  | { kind: 'worker'; name: string; folder: string; manifest: WorkerManifest };

const places = { function: ['functions', 'function.ts'], worker: ['workers', 'worker.ts'] } as const;

/** All functions and workers of a checkout, in order of their names. Handlers are not loaded. */
export async function readUnits(root: string): Promise<Unit[]> {
  const units = await Promise.all(
    (['function', 'worker'] as const).map(async (kind) => {
      const [folder] = places[kind];
      const entries = await readdir(join(root, folder), { withFileTypes: true });
      const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
      return Promise.all(names.toSorted().map((name) => readUnit(root, kind, name)));
    }),
  );
  return units.flat();
}

async function readUnit(root: string, kind: Unit['kind'], name: string): Promise<Unit> {
  const [parent, file] = places[kind];
  const folder = join(root, parent, name);
  // The query makes a long-running supervisor read an edited manifest again.
  const address = `${pathToFileURL(join(folder, file)).href}?at=${Date.now()}`;
  try {
    const { default: manifest } = await import(address);
    return { kind, name, folder, manifest };
  } catch (cause) {
    throw new Error(`Read manifest of ${kind} "${name}": ${(cause as Error).message}`, { cause });
  }
}
