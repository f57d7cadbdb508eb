export {
  type Caller,
  createTokenIssuer,
  createTokenVerifier,
  type TokenIssuer,
  type TokenVerifier,
  unauthenticated,
} from './access-token.ts';
export { isApiKey, newApiKey } from './api-key.ts';
export { ensureKeyPair, newPrivateKey, publicHalf, readPrivateKey, readPublicKey } from './key-pair.ts';
export { createFileIssuer, type KeyRing, openKeyRing, publicKeysIn } from './key-ring.ts';
export { createKeyVerifier } from './key-verifier.ts';
export { createRevocations, forgetRevocations, revokeTokens } from './revocations.ts';
export { digest, newSecret } from './secret.ts';
