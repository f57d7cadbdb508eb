import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'tenant',
  concurrency: 2,
  attempts: 3,
  backoff: 2,
  timeout: 1800,
  memory: 192,
  children: { 'parse-process': 'platform/capabilities/documents/parse-process.ts' },
  env: [
    'DATABASE_URL',
    'UPLOAD_DIR',
    'VECTOR_DIR',
    'QDRANT_URL',
    'QDRANT_API_KEY',
    'CACHE_PREFIX',
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
