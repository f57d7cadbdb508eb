import { chmod, chown, lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';

/**
 * Makes the folders of a unit's processes. Started as root: the links that the edge dials are the supervisor's, and in a folder
 * below them the unit alone makes sockets, to which the edge's group may connect.
 * @param id of the unit's user @param edge group of the edge
 */
export async function prepareUnitFolders(
  home: Pick<Home, 'run' | 'cache'>,
  unit: string,
  { id, edge }: { id: number | undefined; edge: number | undefined },
): Promise<void> {
  const links = join(home.run, unit);
  const sockets = join(links, 'i');
  const cache = join(home.cache, unit);
  // It was another user's; what was compiled there is compiled again.
  if (id !== undefined && (await ownerOf(cache)) !== id) await rm(cache, { recursive: true, force: true });
  for (const folder of [links, sockets, cache]) await mkdir(folder, { recursive: true, mode: 0o700 });
  if (id === undefined) return;
  await chown(links, 0, 0);
  await chmod(links, 0o711);
  await chown(sockets, id, edge ?? id);
  await chmod(sockets, 0o2750);
  await chown(cache, id, id);
}

const ownerOf = async (path: string): Promise<number | undefined> => (await lstat(path).catch(() => undefined))?.uid;
