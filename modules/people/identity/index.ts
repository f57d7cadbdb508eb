export {
  ensureKeyPair,
  newPrivateKey,
  publicHalf,
  readPrivateKey,
  readPublicKey,
} from '../../../platform/capabilities/signing-keys/key-pair.ts';
export {
  createFileIssuer,
  type KeyRing,
  openKeyRing,
  publicKeysIn,
} from '../../../platform/capabilities/signing-keys/key-ring.ts';
export {
  type Caller,
  createTokenIssuer,
  createTokenVerifier,
  type TokenIssuer,
  type TokenVerifier,
  unauthenticated,
} from './access-token.ts';
export { isApiKey, newApiKey } from './api-key.ts';
export { createKeyVerifier } from './key-verifier.ts';
export { createRevocations, forgetRevocations, revokeTokens } from './revocations.ts';
export { digest, newSecret } from './secret.ts';
