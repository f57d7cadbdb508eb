import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/auth', '/api/me', '/api/setup', '/.well-known/jwks.json'],
  // Pages ask who they belong to at each load; no password can be guessed there.
  rateLimit: { '/api/me': 'api', '/': 'auth' },
  database: 'identity',
  instances: { min: 1, max: 2 },
});
