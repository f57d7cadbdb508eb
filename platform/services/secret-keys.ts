import { join, resolve } from 'node:path';
import { type KnownVariable, secretKeyOf } from '../kernel/environment.ts';
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
  for (const variable of variables) {
    const file = secretKeyOf(variable);
    if (file === undefined) continue;
    const path = resolve(source[variable.name] || join(home.keys, file));
    await secretFile(path, KEY_BYTES);
    await giveKey(home, path, 'secrets');
  }
}
