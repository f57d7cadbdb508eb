import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'tenant',
  // What had not been asked of a provider when the backup was made may have been since, and would be paid for twice.
  holdAfterRestore: true,
  connections: 3,
  // Generations in progress: providers take minutes, and this process only waits for them. Over all processes a provider has so many.
  concurrency: 12,
  perOrganization: 4,
  attempts: 5,
  backoff: 2,
  // The longest wait for a provider, and what surrounds it.
  timeout: 1200,
  memory: 160,
  // Those that find no place at their provider and begin again later count as well.
  jobsPerProcess: 150,
  // Two are looked at side by side.
  childMemory: { perJob: 0, shared: 440 },
  children: { 'pictures/picture-process': 'modules/pictures/inspect/picture-process.ts' },
});
