import { chmod, lchown, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';
import { serverUser } from './process-user.ts';
import { findProcesses } from './processes.ts';

/*
 * Homes in which everything ran as one user, or that were copied from another host, get the owners that processes have now. What runs
 * there has to be ended before.
 */

/** Whether processes run there as the one user of earlier versions. */
export async function runsAsOneUser({ user, root }: Home): Promise<boolean> {
  if (!user) return false;
  const found = await findProcesses(`${root}/`);
  const commands = await Promise.all(found.map(({ pid }) => stat(`/proc/${pid}`).catch(() => undefined)));
  const postgres = await findProcesses(`-D ${join(root, 'postgres')}`);
  const isPostgres = (pid: number) => postgres.some((other) => other.pid === pid);
  return found.some(({ pid }, index) => !isPostgres(pid) && commands[index]?.uid === user.uid);
}

/** Gives servers and shared groups what lies in their folders. Does nothing where that is so already. */
export async function carryOver(home: Home): Promise<void> {
  if (!home.ids) return;
  for (const [name, folder] of [
    ['edge', home.caddy],
    ['redis', home.redis],
  ] as const) {
    const user = serverUser(home, name);
    if (user && (await stat(folder)).uid !== user.uid) await giveAll(folder, user.uid, user.gid);
  }
  for (const [group, folder] of [
    ['files', home.files],
    ['vectors', home.vectors],
    ['calls', home.calls],
  ] as const) {
    await shareFolder(folder, home.ids[group]);
  }
}

/** Lets a group read and write all in a folder, and what will come into it. The folder itself comes last: it says that all is done. */
export async function shareFolder(folder: string, group: number): Promise<void> {
  const { gid, mode } = await stat(folder);
  if (gid === group && (mode & 0o7777) === 0o2770) return;
  await shareAll(folder, group);
}

/** The same whatever the folder itself looks like. */
export async function shareAll(path: string, group: number): Promise<void> {
  const entry = await lstat(path);
  if (entry.isDirectory()) for (const name of await readdir(path)) await shareAll(join(path, name), group);
  await lchown(path, entry.uid, group);
  if (entry.isDirectory()) await chmod(path, 0o2770);
  else if (entry.isFile()) await chmod(path, 0o660);
}

export async function giveAll(path: string, uid: number, gid: number): Promise<void> {
  if ((await lstat(path)).isDirectory())
    for (const name of await readdir(path)) await giveAll(join(path, name), uid, gid);
  await lchown(path, uid, gid);
}
