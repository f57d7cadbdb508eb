import { gateway } from '../../modules/models/gateway/provide-gateway.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { authenticate } from '../../platform/runtime/http/authenticate.ts';
import { createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { credentialOf } from './credential-of.ts';
import { dialectOf } from './dialect-of.ts';
import { answerChat } from './routes/answer-chat.ts';
import { createEmbeddings } from './routes/create-embeddings.ts';
import { listModels } from './routes/list-models.ts';

export { writeProblem } from './write-problem.ts';

export const provide = { tokens, gateway, database, idempotency };

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(async (c, next) => {
    if (dialectOf(c.req.path).name === 'messages') c.header('request-id', c.var.requestId);
    await next();
  });
  router.use(keepOutOfCaches('private, no-store'));
  router.use(authenticate(deps.tokens, 'gateway', credentialOf));
  answerChat(router, deps);
  createEmbeddings(router, deps.gateway);
  listModels(router, deps.gateway);
  return router;
}
