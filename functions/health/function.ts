import { defineFunction } from '../../platform/kernel/manifest.ts';
import { aiVariables, redisVariables, vectorVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/health', '/ready', '/api/health'],
  rateLimit: 'none',
  database: 'tenant',
  env: ['DATABASE_URL', 'UPLOAD_DIR', ...redisVariables, ...vectorVariables, ...aiVariables],
});
