import { readdir, readlink, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { homeElsewhere } from './home.ts';

/** Removes a home, also one that stands elsewhere than the link at its path (see `home.ts`). Stop its services first. */
export async function removeHome(path: string): Promise<void> {
  const elsewhere = homeElsewhere(resolve(path));
  const target = await readlink(path).catch(() => undefined);
  if (target === elsewhere) await rm(elsewhere, { recursive: true, force: true });
  await rm(path, { recursive: true, force: true });
}

/** Removes a folder and all homes that were made in it. */
export async function removeWithHomes(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isSymbolicLink()) await removeHome(join(entry.parentPath, entry.name));
  await rm(folder, { recursive: true, force: true });
}
