export { readSecretsKey } from './read-key.ts';
export { type SealedFor, seal, unseal } from './seal.ts';
