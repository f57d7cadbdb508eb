import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/search'],
  database: 'tenant',
  connections: 3,
  instances: { min: 1, max: 4 },
});
