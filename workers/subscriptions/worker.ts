import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  holdAfterRestore: true,
  database: 'platform',
  attempts: 3,
  backoff: 10,
  timeout: 600,
  // Also how long a payment is waited for whose notification was lost.
  schedule: '*/2 * * * *',
});
