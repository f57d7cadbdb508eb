import { defineFunction } from '../../platform/kernel/manifest.ts';

const MB = 1024 * 1024;

export default defineFunction({
  mount: ['/api/documents'],
  database: 'tenant',
  // The largest file of any plan, and room for the form around it.
  body: 101 * MB,
  // Long enough for a large file over a slow line.
  timeout: 600,
  env: [
    'DATABASE_URL',
    'REDIS_URL',
    'CACHE_PREFIX',
    'RATE_LIMIT_API_RPS',
    'RATE_LIMIT_AUTH_RPS',
    'JWT_PUBLIC_KEY_PATH',
    'UPLOAD_DIR',
  ],
});
