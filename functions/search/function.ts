import { defineFunction } from '../../platform/kernel/manifest.ts';
import { aiVariables, memberApiVariables, vectorVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/search'],
  database: 'tenant',
  env: [...memberApiVariables, ...vectorVariables, ...aiVariables],
});
