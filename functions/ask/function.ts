import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/ask'],
  database: 'tenant',
  connections: 3,
  redis: 'answers',
  timeout: 120,
});
