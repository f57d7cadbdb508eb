import { defineFunction } from '../../platform/kernel/manifest.ts';
import { memberApiVariables, tokenLimitVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/usage', '/api/limits'],
  database: 'tenant',
  env: [...memberApiVariables, ...tokenLimitVariables],
});
