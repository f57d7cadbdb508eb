import { defineFunction } from '../../platform/kernel/manifest.ts';
import { memberApiVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/auth', '/.well-known/jwks.json'],
  rateLimit: 'auth',
  database: 'identity',
  env: [...memberApiVariables, 'JWT_PRIVATE_KEY_PATH', 'ACCESS_TOKEN_EXPIRE_MINUTES', 'REFRESH_TOKEN_EXPIRE_DAYS'],
});
