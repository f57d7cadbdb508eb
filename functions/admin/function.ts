import { defineFunction } from '../../platform/kernel/manifest.ts';
import { memberApiVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/admin'],
  database: 'platform',
  // Asked rarely, and by few.
  instances: { min: 0, max: 1 },
  env: [...memberApiVariables],
});
