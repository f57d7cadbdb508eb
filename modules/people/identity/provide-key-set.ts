import { openKeyRing } from '../../../platform/capabilities/signing-keys/key-ring.ts';
import { JWT_PUBLIC_KEY_PATH } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';

/** The public keys that access tokens can be checked with. */
export const keySet = defineProvider([JWT_PUBLIC_KEY_PATH], (_, { JWT_PUBLIC_KEY_PATH }) =>
  openKeyRing(JWT_PUBLIC_KEY_PATH),
);
