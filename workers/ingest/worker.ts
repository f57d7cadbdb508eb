import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  database: 'tenant',
  instances: { min: 1, max: 3 },
  // One place more than an organization may take: anyone who uploads a thousand files does not keep the next one waiting.
  concurrency: 3,
  perOrganization: 2,
  // An attempt continues where the one before ended, and a provider or store may be away for minutes.
  attempts: 8,
  backoff: 2,
  timeout: 1800,
  jobsPerProcess: 15,
  memory: 256,
  children: {
    'parse-process': 'modules/legal/reading/process/parse-process.ts',
    'cut-process': 'modules/legal/reading/process/cut-process.ts',
  },
  // One parser for each job, and one process that cuts their texts.
  childMemory: { perJob: 768, shared: 512 },
  assets: ['node_modules/@hyzyla/pdfium/dist/pdfium.wasm'],
});
