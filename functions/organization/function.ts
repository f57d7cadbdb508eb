import { defineFunction } from '../../platform/kernel/manifest.ts';
import { memberApiVariables } from '../../platform/kernel/variable-groups.ts';

export default defineFunction({
  mount: ['/api/organization', '/api/keys'],
  database: 'organization',
  env: [...memberApiVariables, 'UPLOAD_DIR'],
});
