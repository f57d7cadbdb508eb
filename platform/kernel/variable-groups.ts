import type { VariableName } from './environment.ts';

/** Environment variables that are needed together, for manifests to name by their purpose. */

const group = <const Names extends readonly VariableName[]>(...names: Names): Names => names;

/** Rate limits, the cache and the count of active users. */
export const redisVariables = group('REDIS_URL', 'CACHE_PREFIX');

/** A function that people call with an access token and that works on their organization's data. */
export const memberApiVariables = group(
  'DATABASE_URL',
  ...redisVariables,
  'RATE_LIMIT_API_RPS',
  'RATE_LIMIT_AUTH_RPS',
  'JWT_PUBLIC_KEY_PATH',
);

export const vectorVariables = group(
  'VECTOR_DIR',
  'QDRANT_URL',
  'QDRANT_API_KEY',
  'AI_EMBEDDING_DIMENSIONS',
  'CACHE_PREFIX',
);

export const aiVariables = group(
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OUTBOUND_WHITELIST',
  'AI_MODEL_STANDARD',
  'AI_MODEL_ADVANCED',
  'AI_EMBEDDING_MODEL',
  'AI_EMBEDDING_DIMENSIONS',
  'AI_TIMEOUT_SECONDS',
);
