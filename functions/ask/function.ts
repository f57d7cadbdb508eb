import { defineFunction } from '../../platform/kernel/manifest.ts';
import { aiVariables, memberApiVariables, vectorVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/ask'],
  database: 'tenant',
  timeout: 120,
  env: [...memberApiVariables, ...vectorVariables, ...aiVariables],
});
