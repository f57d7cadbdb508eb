import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/bots'],
  database: 'tenant',
  // Telegram sends the updates of all bots from few addresses.
  rateLimit: 'none',
  concurrency: 500,
  timeout: 10,
});
