import { chmod, chown } from 'node:fs/promises';
import type { Home } from './home.ts';

/** Lets the units that sign tokens read a private key; nothing to do where everything runs as who started it. */
export async function giveToSigners({ ids }: Pick<Home, 'ids'>, path: string): Promise<void> {
  if (!ids) return;
  await chown(path, 0, ids.signing);
  await chmod(path, 0o640);
}
