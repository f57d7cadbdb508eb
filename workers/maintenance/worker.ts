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
  // With little to do, they are not worth processes of their own; see docs/decisions/0014-queues-share-workers.md.
  queues: {
    default: { concurrency: 1 },
    billing: { concurrency: 1, schedule: '10 2 * * *' },
    internal: { concurrency: 1, schedule: '20 1 * * *' },
  },
});
