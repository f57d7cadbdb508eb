import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/ask'],
  database: 'tenant',
  redis: 'answers',
  timeout: 120,
});
