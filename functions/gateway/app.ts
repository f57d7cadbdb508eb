import { callbackHosts } from '../../modules/models/callbacks/provide-callbacks.ts';
import { fileBytes } from '../../modules/models/files/provide-file-bytes.ts';
import { gateway } from '../../modules/models/gateway/provide-gateway.ts';
import { imageCatalogue } from '../../modules/models/images/provide-catalogue.ts';
import { refusedCalls } from '../../modules/models/upstream/provide-refused-calls.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import { generations } from '../../modules/pictures/generations/provide-generations.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { authenticate } from '../../platform/runtime/http/authenticate.ts';
import { limitRefused } from '../../platform/runtime/http/limit-refused.ts';
import { createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { publicOrigin } from '../../platform/runtime/providers/public-origin.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { refusedCredentials } from '../../platform/runtime/providers/refused-credentials.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { credentialOf } from './credential-of.ts';
import { dialectOf } from './dialect-of.ts';
import { answerChat } from './routes/answer-chat.ts';
import { asyncCalls } from './routes/async-calls.ts';
import { batches } from './routes/batches.ts';
import { countTokens } from './routes/count-tokens.ts';
import { createEmbeddings } from './routes/create-embeddings.ts';
import { files } from './routes/files.ts';
import { listModels } from './routes/list-models.ts';
import { passOperations } from './routes/pass-operations.ts';

export { writeProblem } from './write-problem.ts';

export const provide = {
  tokens,
  gateway,
  database,
  idempotency,
  queue,
  storage,
  callbackHosts,
  fileBytes,
  refusedCalls,
  refusedCredentials,
  generations,
  imageCatalogue,
  feed,
  publicOrigin,
};

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(async (c, next) => {
    if (dialectOf(c.req.path).name === 'messages') c.header('request-id', c.var.requestId);
    await next();
  });
  router.use(keepOutOfCaches('private, no-store'));
  router.use(limitRefused(authenticate(deps.tokens, 'gateway', credentialOf), deps.refusedCredentials));
  router.use(async (c, next) => {
    await next();
    const { keyId } = c.var.caller;
    if (keyId !== undefined && c.res.status === 429) deps.refusedCalls.note(keyId);
  });
  answerChat(router, deps);
  countTokens(router, deps.gateway);
  createEmbeddings(router, deps);
  passOperations(router, deps);
  listModels(router, deps);
  asyncCalls(router, { ...deps, configurations: deps.gateway.configurations });
  files(router, deps);
  batches(router, deps);
  return router;
}
