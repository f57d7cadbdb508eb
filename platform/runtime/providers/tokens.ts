import { createTokenVerifier, readPublicKey, type TokenVerifier } from '../../capabilities/identity/index.ts';
import type { Boot } from '../boot.ts';
import { activity } from './activity.ts';

/** Checks access tokens; the public key is enough. Who shows a valid one counts as active. */
export async function tokens(boot: Boot): Promise<TokenVerifier> {
  const verifier = createTokenVerifier(
    await readPublicKey(boot.environment('JWT_PUBLIC_KEY_PATH').JWT_PUBLIC_KEY_PATH),
  );
  const { seen } = await boot.use(activity);
  return {
    async verify(token) {
      const caller = await verifier.verify(token);
      seen(caller.userId);
      return caller;
    },
  };
}
