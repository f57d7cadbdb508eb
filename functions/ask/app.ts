import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { admission } from '../../platform/runtime/providers/admission.ts';
import { ai } from '../../platform/runtime/providers/ai.ts';
import { cache } from '../../platform/runtime/providers/cache.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { metrics } from '../../platform/runtime/providers/metrics.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { retrieval } from '../../platform/runtime/providers/retrieval.ts';
import { singleFlight } from '../../platform/runtime/providers/single-flight.ts';
import { tokens } from '../../platform/runtime/providers/tokens.ts';
import { askQuestion } from './routes/ask-question.ts';

export const provide = {
  ...{ tokens, database, admission, retrieval, ai, cache, singleFlight, idempotency, notifications, metrics },
};

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens, { scope: 'ask' });
  askQuestion(router, deps);
  return router;
}
