import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'platform',
  attempts: 5,
  backoff: 5,
  timeout: 600,
  schedule: '*/10 * * * *',
  env: [
    'DATABASE_URL',
    'UPLOAD_DIR',
    'VECTOR_DIR',
    'QDRANT_URL',
    'QDRANT_API_KEY',
    'CACHE_PREFIX',
    'AI_EMBEDDING_DIMENSIONS',
  ],
});
