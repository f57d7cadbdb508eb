import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { ai } from '../../platform/runtime/providers/ai.ts';
import { cache } from '../../platform/runtime/providers/cache.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { metrics } from '../../platform/runtime/providers/metrics.ts';
import { retrieval } from '../../platform/runtime/providers/retrieval.ts';
import { tokens } from '../../platform/runtime/providers/tokens.ts';
import { askQuestion } from './routes/ask-question.ts';

export const provide = { tokens, database, retrieval, ai, cache, idempotency, metrics };

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  askQuestion(router, deps);
  return router;
}
