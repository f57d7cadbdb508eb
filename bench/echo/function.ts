import { defineFunction } from '../../platform/kernel/manifest.ts';

/** A function that is nothing but its middleware: rate limit, token, checks, problem documents, logs and metrics. */
export default defineFunction({
  mount: ['/api/echo'],
  env: [
    'REDIS_URL',
    'CACHE_PREFIX',
    'RATE_LIMIT_API_RPS',
    'RATE_LIMIT_AUTH_RPS',
    'RATE_LIMIT_EXTERNAL_RPM',
    'JWT_PUBLIC_KEY_PATH',
  ],
});
