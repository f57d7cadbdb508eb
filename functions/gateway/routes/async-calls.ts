import { z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { callEndpoints } from '../../../db/schema/models/batches.ts';
import { acceptCall } from '../../../modules/models/calls/accept-call.ts';
import { cancelCall, findCall } from '../../../modules/models/calls/change-call.ts';
import { checkCall } from '../../../modules/models/calls/create-call-maker.ts';
import { showCall } from '../../../modules/models/calls/show-call.ts';
import type { Configurations } from '../../../modules/models/configuration/contract.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { describeOperation } from '../describe.ts';
import { readCallback } from '../read-callback.ts';
import { readJson } from '../read-json.ts';

export interface AsyncDeps {
  database: Database;
  queue: Queue;
  idempotency: Idempotency;
  configurations: Configurations;
  callbackHosts: readonly string[];
}

const params = { id: z.string().openapi({ param: { name: 'id', in: 'path' } }) };
const names = {
  'chat/completions': 'createAsyncChatCompletion',
  responses: 'createAsyncResponse',
  embeddings: 'createAsyncEmbeddings',
};

/** The same calls for callers that do not wait: the answer is fetched later, or its end is told to an address. */
export function asyncCalls(router: Router, deps: AsyncDeps): void {
  const { database, queue, idempotency, configurations, callbackHosts } = deps;
  for (const endpoint of callEndpoints) {
    const path = `/v1/async/${endpoint}`;
    router.openAPIRegistry.registerPath(
      describeOperation({
        ...{ method: 'post', path, operationId: names[endpoint], status: 202 },
        ...{ summary: `Accept a call of /v1/${endpoint} that is made later`, body: { model: z.string() } },
      }),
    );
    router.post(path, async (c) => {
      const { caller } = c.var;
      const key = readIdempotencyKey(c.req.header('idempotency-key'));
      const configuration = await configurations.of(caller.organizationId);
      const { json } = await readJson(c, configuration.limits.bodyBytes);
      const { model } = checkCall(configuration, caller, endpoint, json);
      const call = { endpoint, model, body: JSON.stringify(json), callbackUrl: readCallback(c, callbackHosts) };
      const request = idempotentRequest(key, `POST ${path}`, call);
      const shown = await idempotency.once<ReturnType<typeof showCall>>(caller, request, (keep) =>
        database.tenant(caller.organizationId, async (tx) => {
          const accepted = showCall(await acceptCall(tx, queue, caller, call));
          await keep(tx, accepted);
          return accepted;
        }),
      );
      return c.json(shown, 202);
    });
  }
  const one = { path: '/v1/async/{id}', params };
  router.openAPIRegistry.registerPath(
    describeOperation({
      ...one,
      method: 'get',
      operationId: 'getAsyncCall',
      summary: 'The state of a call, and its answer',
    }),
  );
  router.openAPIRegistry.registerPath(
    describeOperation({ ...one, method: 'delete', operationId: 'cancelAsyncCall', summary: 'Cancel a call' }),
  );

  router.get('/v1/async/:id', async (c) =>
    c.json(showCall(await database.tenant(c.var.caller.organizationId, (tx) => findCall(tx, c.req.param('id'))))),
  );

  // One that has ended stays as it is.
  router.delete('/v1/async/:id', async (c) => {
    const call = await database.tenant(c.var.caller.organizationId, async (tx) => {
      const { id } = await findCall(tx, c.req.param('id'));
      await cancelCall(tx, queue, id);
      return findCall(tx, c.req.param('id'));
    });
    return c.json(showCall(call));
  });
}
