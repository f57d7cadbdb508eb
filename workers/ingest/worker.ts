import { defineWorker } from '../../platform/kernel/manifest.ts';
import { aiVariables, vectorVariables } from '../../platform/kernel/variable-groups.ts';

export default defineWorker({
  database: 'tenant',
  concurrency: 2,
  attempts: 3,
  backoff: 2,
  timeout: 1800,
  memory: 192,
  children: { 'parse-process': 'platform/capabilities/documents/parse-process.ts' },
  env: ['DATABASE_URL', 'UPLOAD_DIR', ...vectorVariables, ...aiVariables],
});
