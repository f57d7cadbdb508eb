import { chmod, chown } from 'node:fs/promises';
import type { Home } from './home.ts';

/**
 * Lets the units that sign tokens, or those that open secrets, read a key; nothing to do where everything runs as who started
 * it.
 */
export async function giveKey({ ids }: Pick<Home, 'ids'>, path: string, group: 'signing' | 'secrets'): Promise<void> {
  if (!ids) return;
  await chown(path, 0, ids[group]);
  await chmod(path, 0o640);
}
