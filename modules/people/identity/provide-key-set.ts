import { type KeyRing, openKeyRing } from '../../../platform/capabilities/signing-keys/key-ring.ts';
import type { Boot } from '../../../platform/runtime/boot.ts';

/** The public keys that access tokens can be checked with. */
export const keySet = (boot: Boot): Promise<KeyRing> =>
  openKeyRing(boot.environment('JWT_PUBLIC_KEY_PATH').JWT_PUBLIC_KEY_PATH);
