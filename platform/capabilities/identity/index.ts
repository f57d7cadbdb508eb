export {
  type Caller,
  createTokenIssuer,
  createTokenVerifier,
  type TokenIssuer,
  type TokenVerifier,
} from './access-token.ts';
export { ensureKeyPair, publicKeySet, readPrivateKey, readPublicKey } from './key-pair.ts';
