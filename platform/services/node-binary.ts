import { chmod, copyFile, link, mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';
import { reachable } from './reachable.ts';

/**
 * The Node binary that processes of this home are started with: the running one where the service user can execute
 * it, else a link or copy in the home, replaced when the running one is another.
 */
export async function nodeFor(
  { root, user }: Pick<Home, 'root' | 'user'>,
  original = process.execPath,
): Promise<string> {
  if (!user || (await reachable(original, { uid: -1, gid: user.gid }))) return original;
  const folder = join(root, 'bin');
  const path = join(folder, 'node');
  if (await isSame(original, path)) return path;
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const fresh = `${path}.${process.pid}`;
  await rm(fresh, { force: true });
  await linkOrCopy(original, fresh);
  await rename(fresh, path);
  return path;
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(from, to);
    await chmod(to, 0o755);
    const { atime, mtime } = await stat(from);
    await utimes(to, atime, mtime);
  }
}

/** The same file, or a copy of the same size and time of change. */
async function isSame(original: string, path: string): Promise<boolean> {
  try {
    const [a, b] = [await stat(original), await stat(path)];
    return (a.ino === b.ino && a.dev === b.dev) || (a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) < 2);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
