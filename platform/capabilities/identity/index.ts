export {
  type Caller,
  createTokenIssuer,
  createTokenVerifier,
  type TokenIssuer,
  type TokenVerifier,
} from './access-token.ts';
export { isApiKey, newApiKey, scopesOf } from './api-key.ts';
export { ensureKeyPair, publicKeySet, readPrivateKey, readPublicKey } from './key-pair.ts';
export { createKeyVerifier, type KeyVerifier } from './key-verifier.ts';
export { createRevocations, forgetRevocations, type Revocations, revokeTokens } from './revocations.ts';
export { digest, newSecret } from './secret.ts';
