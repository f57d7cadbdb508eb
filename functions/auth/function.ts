import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/auth', '/.well-known/jwks.json'],
  rateLimit: 'auth',
  database: 'identity',
});
