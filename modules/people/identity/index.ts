export {
  createTokenIssuer,
  createTokenVerifier,
  invalidCredential,
  type TokenIssuer,
} from './access-token.ts';
export { isApiKey, newApiKey } from './api-key.ts';
export { findCaller } from './find-caller.ts';
export { createKeyVerifier } from './key-verifier.ts';
export { createRevocations, forgetRevocations, revokeTokens } from './revocations.ts';
export { digest, newSecret } from './secret.ts';
