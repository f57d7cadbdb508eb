import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/admin'],
  database: 'platform',
  // Asked rarely, and by few.
  instances: { min: 0, max: 1 },
});
