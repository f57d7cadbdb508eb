import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/conversations'],
  database: 'tenant',
});
