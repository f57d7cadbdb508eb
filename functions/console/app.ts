import { administratorsOnly } from '../../modules/people/administration/administrators-only.ts';
import { freshSignIn } from '../../modules/people/administration/fresh-sign-in.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { listAlerts } from './routes/alerts/list-alerts.ts';
import { listErrors } from './routes/alerts/list-errors.ts';
import { silenceAlert } from './routes/alerts/silence-alert.ts';
import { getOverview } from './routes/get-overview.ts';
import { actOnJobs } from './routes/jobs/act-on-jobs.ts';
import { getJob } from './routes/jobs/get-job.ts';
import { listJobs } from './routes/jobs/list-jobs.ts';
import { listQueues } from './routes/jobs/list-queues.ts';
import { pauseQueue } from './routes/jobs/pause-queue.ts';
import { followLogs } from './routes/logs/follow-logs.ts';
import { searchLogs } from './routes/logs/search-logs.ts';
import { changeUnit } from './routes/units/change-unit.ts';
import { followChange } from './routes/units/follow-change.ts';
import { getUnit } from './routes/units/get-unit.ts';
import { listUnits } from './routes/units/list-units.ts';
import { supervisor } from './supervisor.ts';

export const provide = { tokens, database, idempotency, supervisor };

/** The operator's console: who administers the platform sees it, and changes it soon after signing in. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  router.use(administratorsOnly(deps.database));
  router.use(freshSignIn);
  getOverview(router, deps);
  listUnits(router, deps);
  getUnit(router, deps);
  changeUnit(router, deps);
  followChange(router, deps);
  searchLogs(router, deps);
  followLogs(router, deps);
  listErrors(router, deps);
  listAlerts(router, deps);
  silenceAlert(router, deps);
  listQueues(router, deps);
  pauseQueue(router, deps);
  listJobs(router, deps);
  getJob(router, deps);
  actOnJobs(router, deps);
  return router;
}
