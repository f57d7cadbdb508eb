import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/usage', '/api/limits'],
  database: 'tenant',
  env: [
    'DATABASE_URL',
    'REDIS_URL',
    'CACHE_PREFIX',
    'RATE_LIMIT_API_RPS',
    'RATE_LIMIT_AUTH_RPS',
    'JWT_PUBLIC_KEY_PATH',
  ],
});
