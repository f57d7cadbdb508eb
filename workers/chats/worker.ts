import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'tenant',
  redis: 'gateway',
  // Most of the time a chat waits for a model.
  concurrency: 16,
  // A group is a chat, whose updates are answered one after the other.
  perOrganization: 1,
  attempts: 8,
  backoff: 1,
  timeout: 900,
  memory: 160,
});
