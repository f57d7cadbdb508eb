import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/gateway'],
  database: 'organization',
  // Asked rarely.
  instances: { min: 0, max: 1 },
});
