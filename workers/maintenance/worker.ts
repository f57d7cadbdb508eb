import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'platform',
  redis: 'upkeep',
  attempts: 5,
  backoff: 5,
  timeout: 600,
  // A long sweep or erasure does not keep the watch waiting.
  concurrency: 2,
  schedule: '* * * * *',
});
