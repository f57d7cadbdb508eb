import { lchown, rename, rm, writeFile } from 'node:fs/promises';
import type { ServiceUser } from './service-user.ts';

/**
 * Writes a file whole or not at all, readable by its owner only. The draft is made anew and never opened through a link
 * that somebody may have planted where it stands.
 */
export async function replaceFile(path: string, content: string, user: ServiceUser | undefined): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  if (user) await lchown(draft, user.uid, user.gid);
  await rename(draft, path);
}
