import { createTokenVerifier, readPublicKey, type TokenVerifier } from '../../capabilities/identity/index.ts';
import type { Boot } from '../boot.ts';

/** Checks access tokens; the public key is enough. */
export async function tokens(boot: Boot): Promise<TokenVerifier> {
  return createTokenVerifier(await readPublicKey(boot.environment('JWT_PUBLIC_KEY_PATH').JWT_PUBLIC_KEY_PATH));
}
