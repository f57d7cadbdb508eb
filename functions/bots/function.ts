import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/bots'],
  database: 'tenant',
  instances: { min: 1, max: 2 },
  // Telegram sends the updates of all bots from few addresses.
  rateLimit: 'none',
  concurrency: 500,
  // More than any update has.
  body: 256 * 1024,
  timeout: 10,
});
