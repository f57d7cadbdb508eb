import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'platform',
  concurrency: 2,
  // Every organization's turn comes after half a minute of another's at most.
  perOrganization: 1,
  // With the longest wait between two of them, as long as a provider may be away.
  attempts: 20,
  backoff: 5,
  timeout: 1800,
  memory: 192,
  childMemory: { perJob: 0, shared: 512 },
  children: { 'cut-process': 'modules/legal/reading/process/cut-process.ts' },
  schedule: '* * * * *',
});
