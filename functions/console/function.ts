import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/operator'],
  database: 'platform',
  // Asked rarely, and by few.
  instances: { min: 0, max: 1 },
  // The books of a large platform take minutes to read.
  timeout: 300,
});
