import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/health', '/ready', '/api/health'],
  rateLimit: 'none',
  database: 'tenant',
  env: [
    'DATABASE_URL',
    'REDIS_URL',
    'CACHE_PREFIX',
    'VECTOR_DIR',
    'UPLOAD_DIR',
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
