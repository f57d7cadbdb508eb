import { z } from '@hono/zod-openapi';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import type { Gateway } from '../../../modules/models/gateway/admit-call.ts';
import { embed, readEmbeddings, writeEmbeddings } from '../../../modules/models/gateway/embed.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerCall, answerHeaders } from '../begin-call.ts';
import { describeOperation } from '../describe.ts';

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

export function createEmbeddings(router: Router, gateway: Gateway): void {
  router.openAPIRegistry.registerPath(route);
  router.post(route.path, (c) =>
    answerCall(c, gateway, 'chat', async ({ json, ...call }) => {
      const read = readEmbeddings(json);
      const requestId = requestIdOf(call.caller, undefined);
      const given = await embed(gateway, { ...call, read, requestId });
      return c.json(writeEmbeddings(read, given), 200, answerHeaders({ ...given, cost: given.settled?.cost }));
    }),
  );
}
