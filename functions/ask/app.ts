import { admission } from '../../modules/commerce/metering/provide-admission.ts';
import { answererOf } from '../../modules/legal/answers/provide-answerer.ts';
import { inProgress } from '../../modules/legal/asking/provide-in-progress.ts';
import { retrieval } from '../../modules/legal/search/provide-retrieval.ts';
import { catalogue } from '../../modules/models/provide-models.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { cache } from '../../platform/runtime/providers/cache.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { eventLog } from '../../platform/runtime/providers/event-log.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { metrics } from '../../platform/runtime/providers/metrics.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { singleFlight } from '../../platform/runtime/providers/single-flight.ts';
import { askQuestion } from './routes/ask-question.ts';
import { stopAsking } from './routes/stop-asking.ts';

export const provide = {
  ...{
    tokens,
    database,
    admission,
    retrieval,
    answererOf,
    catalogue,
    cache,
    singleFlight,
    idempotency,
    eventLog,
    feed,
    inProgress,
    notifications,
    metrics,
  },
};

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens, { scope: 'ask' });
  askQuestion(router, deps);
  stopAsking(router, deps);
  return router;
}
