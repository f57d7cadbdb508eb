import { defineWorker } from '../../platform/kernel/manifest.ts';
import { retentionVariables, vectorVariables } from '../../platform/kernel/variable-groups.ts';

export default defineWorker({
  database: 'platform',
  redis: 'upkeep',
  attempts: 5,
  backoff: 5,
  timeout: 600,
  // A long sweep or erasure does not keep the watch waiting.
  concurrency: 2,
  schedule: '* * * * *',
  env: [...retentionVariables, 'DATABASE_URL', 'UPLOAD_DIR', 'BACKUP_GRACE_DAYS', 'REDIS_URL', ...vectorVariables],
});
