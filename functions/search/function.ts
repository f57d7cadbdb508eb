import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/search'],
  database: 'tenant',
  env: [
    'DATABASE_URL',
    'REDIS_URL',
    'CACHE_PREFIX',
    'RATE_LIMIT_API_RPS',
    'RATE_LIMIT_AUTH_RPS',
    'JWT_PUBLIC_KEY_PATH',
    'VECTOR_DIR',
    'QDRANT_URL',
    'QDRANT_API_KEY',
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'OUTBOUND_WHITELIST',
    'AI_MODEL_STANDARD',
    'AI_MODEL_ADVANCED',
    'AI_EMBEDDING_MODEL',
    'AI_EMBEDDING_DIMENSIONS',
    'AI_TIMEOUT_SECONDS',
  ],
});
