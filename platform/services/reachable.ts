import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServiceUser } from './service-user.ts';

interface Permissions {
  mode: number;
  uid: number;
  gid: number;
}

/** Whether the execute bit (for a folder: entering it) is set for this user. Only its primary group counts. */
export function mayEnter({ mode, uid, gid }: Permissions, user: Pick<ServiceUser, 'uid' | 'gid'>): boolean {
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** Whether a user may enter (or execute) an existing path: it and every folder above it, symbolic links resolved. */
export async function reachable(path: string, user: Pick<ServiceUser, 'uid' | 'gid'>): Promise<boolean> {
  for (let place = await realpath(path); ; place = dirname(place)) {
    if (!mayEnter(await stat(place), user)) return false;
    if (place === dirname(place)) return true;
  }
}
