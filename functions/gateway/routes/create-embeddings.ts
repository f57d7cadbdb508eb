import { z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import type { Gateway } from '../../../modules/models/gateway/admit-call.ts';
import { callOnce } from '../../../modules/models/gateway/call-once.ts';
import { embed, readEmbeddings } from '../../../modules/models/gateway/embed.ts';
import { once } from '../../../modules/models/gateway/once.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerCall } from '../begin-call.ts';
import { describeOperation } from '../describe.ts';
import { dialectOf } from '../dialect-of.ts';
import { sendAnswer } from '../send-answer.ts';

const route = describeOperation({
  method: 'post',
  path: '/v1/embeddings',
  operationId: 'createEmbeddings',
  summary: "Turn texts into vectors, in OpenAI's format",
  body: {
    model: z.string(),
    input: z.union([z.string(), z.array(z.string()), z.array(z.int()), z.array(z.array(z.int()))]),
    encoding_format: z.enum(['float', 'base64']).optional(),
    dimensions: z.int().optional(),
  },
});

interface EmbeddingsDeps {
  gateway: Gateway;
  database: Database;
  idempotency: Idempotency;
}

export function createEmbeddings(router: Router, { gateway, ...deps }: EmbeddingsDeps): void {
  router.openAPIRegistry.registerPath(route);
  router.post(route.path, (c) =>
    answerCall(c, gateway, 'chat', async ({ json, time, ...call }) => {
      const key = readIdempotencyKey(c.req.header('idempotency-key'));
      const asked = {
        ...{ ...call, read: readEmbeddings(json), requestId: requestIdOf(call.caller, key) },
        // Who sent a key and lost the connection comes back with it.
        ...(key !== undefined && { signal: time.over }),
      };
      const ask = () => embed(gateway, asked);
      const request = idempotentRequest(key, c.req.path, json);
      const answer =
        key === undefined
          ? { made: await ask() }
          : await callOnce({ ...deps, ...gateway }, { ...call, request }, once(ask));
      return sendAnswer(c, answer, { dialect: dialectOf(c.req.path), time });
    }),
  );
}
