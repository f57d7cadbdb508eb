import { defineWorker } from '../../platform/kernel/manifest.ts';
import { paymentVariables } from '../../platform/kernel/variable-groups.ts';

export default defineWorker({
  database: 'platform',
  attempts: 3,
  backoff: 10,
  timeout: 600,
  // Also how long a payment is waited for whose notification was lost.
  schedule: '*/2 * * * *',
  env: ['DATABASE_URL', ...paymentVariables],
});
