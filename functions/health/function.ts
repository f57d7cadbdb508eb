import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/health', '/ready', '/api/health'],
  rateLimit: 'none',
  database: 'tenant',
});
