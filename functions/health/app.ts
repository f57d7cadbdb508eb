import { firstIndex } from '../../modules/legal/index/provide-indexes.ts';
import { vectors } from '../../modules/legal/index/provide-vectors.ts';
import { VECTOR_DIR } from '../../modules/legal/variables.ts';
import { aiServers } from '../../modules/models/provide-models.ts';
import { activity } from '../../modules/people/provide-activity.ts';
import { UPLOAD_DIR } from '../../platform/kernel/variables.ts';
import { defineProvider, type Provided } from '../../platform/runtime/boot.ts';
import { createRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { metrics } from '../../platform/runtime/providers/metrics.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { type CheckedParts, createHealthChecks } from './health-checks.ts';
import { getHealth } from './routes/get-health.ts';
import { getLiveness } from './routes/get-liveness.ts';
import { getReadiness } from './routes/get-readiness.ts';

/** The release lies in the home, as PostgreSQL's data does. A process without a supervisor is in a pod, whose disk says nothing. */
const host = defineProvider(
  [UPLOAD_DIR, VECTOR_DIR],
  ({ isAlone }, { UPLOAD_DIR, VECTOR_DIR }): CheckedParts['host'] => ({
    folders: isAlone ? [] : [process.cwd(), UPLOAD_DIR, VECTOR_DIR],
    isAlone,
  }),
);

export const provide = { database, redis, vectors, storage, aiServers, activity, metrics, host, firstIndex };

export function createApp({ activity: active, metrics: figures, ...parts }: Provided<typeof provide>) {
  const router = createRouter();
  const checks = createHealthChecks(parts);
  getLiveness(router);
  getReadiness(router, { checks });
  getHealth(router, { checks });
  figures.gauge('active_users_total', 'Distinct users of the last 15 minutes', active.count);
  const damaged = async () => (await parts.vectors.damaged()).length;
  figures.gauge('search_indexes_damaged', 'Search indexes that were damaged and are not built again yet', damaged);
  return router;
}
