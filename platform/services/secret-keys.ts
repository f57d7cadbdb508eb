import { join, resolve } from 'node:path';
import type { KnownVariable } from '../kernel/environment.ts';
import { giveKey } from './give-key.ts';
import type { Home } from './home.ts';
import { secretFile } from './secret-file.ts';

const KEY_BYTES = 32;

/**
 * Makes the secret keys that variables name, where they are missing, and lets their units read them. What was encrypted with a key that
 * was lost stays unreadable.
 * @param source the operator's settings
 */
export async function ensureSecretKeys(
  home: Pick<Home, 'keys' | 'ids'>,
  variables: readonly KnownVariable[],
  source: Record<string, string | undefined>,
): Promise<void> {
  for (const { name, path } of variables) {
    if (typeof path !== 'object' || !('secretKey' in path)) continue;
    const file = resolve(source[name] || join(home.keys, path.secretKey));
    await secretFile(file, KEY_BYTES);
    await giveKey(home, file, 'secrets');
  }
}
