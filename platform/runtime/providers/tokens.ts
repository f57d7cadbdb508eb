import {
  createKeyVerifier,
  createRevocations,
  createTokenVerifier,
  isApiKey,
  readPublicKey,
  type TokenVerifier,
} from '../../capabilities/identity/index.ts';
import type { Boot } from '../boot.ts';
import { activity } from './activity.ts';
import { database } from './database.ts';

/**
 * Checks access tokens, for which the public key is enough, and API keys. Only a process with a database hears of
 * tokens that were revoked and knows keys. Who shows a valid one counts as active.
 */
export async function tokens(boot: Boot): Promise<TokenVerifier> {
  const { JWT_PUBLIC_KEY_PATH, DATABASE_URL } = boot.environment('JWT_PUBLIC_KEY_PATH', 'DATABASE_URL');
  const known = DATABASE_URL === undefined ? undefined : await boot.use(database);
  const people = createTokenVerifier(await readPublicKey(JWT_PUBLIC_KEY_PATH), known && createRevocations(known));
  const programs = known && createKeyVerifier(known);
  const { seen } = await boot.use(activity);
  return {
    async verify(credential) {
      const caller = await (programs && isApiKey(credential) ? programs : people).verify(credential);
      seen(caller.userId);
      return caller;
    },
  };
}
