import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/organization', '/api/keys'],
  database: 'organization',
});
