import { publicKeySet, readPublicKey } from '../../capabilities/identity/index.ts';
import type { Boot } from '../boot.ts';

/** The public keys that access tokens can be checked with. */
export async function keySet(boot: Boot): Promise<Awaited<ReturnType<typeof publicKeySet>>> {
  return publicKeySet(await readPublicKey(boot.environment('JWT_PUBLIC_KEY_PATH').JWT_PUBLIC_KEY_PATH));
}
