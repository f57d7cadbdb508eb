export {
  type Caller,
  createTokenIssuer,
  createTokenVerifier,
  type TokenIssuer,
  type TokenVerifier,
  unauthenticated,
} from './access-token.ts';
export { isApiKey, newApiKey } from './api-key.ts';
export { ensureKeyPair, publicKeySet, readPrivateKey, readPublicKey } from './key-pair.ts';
export { createKeyVerifier } from './key-verifier.ts';
export { createRevocations, forgetRevocations, revokeTokens } from './revocations.ts';
export { digest, newSecret } from './secret.ts';
