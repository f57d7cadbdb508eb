import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/plans', '/api/subscription', '/api/top-ups', '/api/invoices', '/api/billing'],
  database: 'billing',
  // A payment provider is asked up to three times.
  timeout: 40,
  assets: ['node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'],
});
