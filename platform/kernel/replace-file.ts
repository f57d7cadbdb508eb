import { lchown, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileRights {
  /** Default: its owner reads and writes it, and no one else. */
  mode?: number;
  /** Whom it belongs to; default: who writes it. */
  owner?: { uid: number; gid: number } | undefined;
  /** It is on the disk when this resolves, whatever the host does next. */
  flush?: boolean;
}

/**
 * Writes a file whole or not at all; one at a time for a path. The draft is made again and never opened through a link that
 * somebody may have planted where it stands.
 */
export async function replaceFile(path: string, content: string | Uint8Array, rights: FileRights = {}): Promise<void> {
  const { mode = 0o600, owner, flush = false } = rights;
  const draft = `${path}.next`;
  await rm(draft, { force: true });
  await writeFile(draft, content, { mode, flag: 'wx', flush });
  if (owner) await lchown(draft, owner.uid, owner.gid);
  await rename(draft, path);
  if (flush) await flushFolder(dirname(path));
}

/** Has the names in a folder on the disk. Without it a file that was made or renamed there may be lost when the machine goes down. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
