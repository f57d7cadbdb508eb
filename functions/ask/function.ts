import { defineFunction } from '../../platform/kernel/manifest.ts';
import {
  aiVariables,
  memberApiVariables,
  tokenLimitVariables,
  vectorVariables,
} from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/ask'],
  database: 'tenant',
  redis: 'answers',
  timeout: 120,
  env: [...memberApiVariables, ...tokenLimitVariables, ...vectorVariables, ...aiVariables],
});
