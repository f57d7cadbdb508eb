import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/auth', '/.well-known/jwks.json'],
  rateLimit: 'auth',
  database: 'identity',
  env: [
    'DATABASE_URL',
    'REDIS_URL',
    'CACHE_PREFIX',
    'RATE_LIMIT_API_RPS',
    'RATE_LIMIT_AUTH_RPS',
    'JWT_PRIVATE_KEY_PATH',
    'JWT_PUBLIC_KEY_PATH',
    'ACCESS_TOKEN_EXPIRE_MINUTES',
    'REFRESH_TOKEN_EXPIRE_DAYS',
  ],
});
