import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'tenant',
  connections: 4,
  redis: 'gateway',
  // Generations in progress: providers take minutes, and this process only waits for them.
  concurrency: 12,
  perOrganization: 4,
  attempts: 5,
  backoff: 2,
  // The longest wait for a provider, and what surrounds it.
  timeout: 1200,
  memory: 160,
  jobsPerProcess: 15,
  children: { 'pictures/picture-process': 'modules/pictures/inspect/picture-process.ts' },
});
