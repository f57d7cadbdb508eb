import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  holdAfterRestore: true,
  database: 'tenant',
  connections: 3,
  redis: 'gateway',
  // One process: how many calls it makes at the same time is a share of those that the gateway may have in progress.
  concurrency: 12,
  // A place is left to others.
  perOrganization: 8,
  attempts: 5,
  backoff: 2,
  // The longest call and what surrounds it.
  timeout: 900,
  memory: 192,
  // Live calls go first.
  niceness: 5,
  // Waits between two tries are those of the work; an attempt of the queue is one that did not end.
  queues: { retry: { concurrency: 6, perOrganization: 4, attempts: 3 } },
});
