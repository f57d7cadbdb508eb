import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  holdAfterRestore: true,
  database: 'platform',
  concurrency: 2,
  // The waits double from half a minute on to five minutes: a mail server may be away for half an hour.
  attempts: 10,
  backoff: 30,
  timeout: 120,
});
