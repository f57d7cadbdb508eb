import { openKeyRing } from '../../../platform/capabilities/signing-keys/key-ring.ts';
import { DATABASE_URL, JWT_PUBLIC_KEY_PATH } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import type { TokenVerifier } from '../../../platform/runtime/http/caller.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { activity } from '../provide-activity.ts';
import { createKeyVerifier, createRevocations, createTokenVerifier, isApiKey } from './index.ts';

/**
 * Checks access tokens, for which the public keys are enough, and API keys. Only a process with a database hears of
 * tokens that were revoked and knows keys. Who shows a valid one counts as active.
 */
export const tokens = defineProvider(
  [JWT_PUBLIC_KEY_PATH, DATABASE_URL],
  async (boot, { JWT_PUBLIC_KEY_PATH, DATABASE_URL }): Promise<TokenVerifier> => {
    const known = DATABASE_URL === undefined ? undefined : await boot.use(database);
    const { find } = await openKeyRing(JWT_PUBLIC_KEY_PATH);
    const people = createTokenVerifier(find, known && createRevocations(known));
    const programs = known && createKeyVerifier(known);
    const { seen } = await boot.use(activity);
    return {
      isKey: isApiKey,
      isKnown: people.isKnown,
      async verify(credential) {
        const caller = await (programs && isApiKey(credential) ? programs : people).verify(credential);
        seen(caller.userId);
        return caller;
      },
    };
  },
);
