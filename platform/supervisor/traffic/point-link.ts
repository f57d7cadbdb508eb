import { rename, rm, symlink } from 'node:fs/promises';

/**
 * Points a path that the edge dials at a socket. Replacing the link is one `rename`, so that anyone who dials in the meantime
 * reaches the old target or the new one. Two calls for the same path must not overlap: they would share the draft.
 */
export async function pointLink(path: string, target: string): Promise<void> {
  const draft = `${path}.next`;
  // One may be left over from a switch that was cut off.
  await rm(draft, { force: true });
  await symlink(target, draft);
  await rename(draft, path);
}
