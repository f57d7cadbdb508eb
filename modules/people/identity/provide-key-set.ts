import type { Boot } from '../../../platform/runtime/boot.ts';
import { type KeyRing, openKeyRing } from './index.ts';

/** The public keys that access tokens can be checked with. */
export const keySet = (boot: Boot): Promise<KeyRing> =>
  openKeyRing(boot.environment('JWT_PUBLIC_KEY_PATH').JWT_PUBLIC_KEY_PATH);
