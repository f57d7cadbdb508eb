import { z } from '@hono/zod-openapi';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import type { Gateway } from '../../../modules/models/gateway/admit-call.ts';
import { embed, readEmbeddings, toBase64 } from '../../../modules/models/gateway/embed.ts';
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
      const { vectors, usage, settled, ...answered } = await embed(gateway, { ...call, read, requestId });
      const data = vectors.map((vector, index) => ({
        ...{ object: 'embedding', index },
        embedding: read.isBase64 ? toBase64(vector) : vector,
      }));
      const counted = { prompt_tokens: usage.input, total_tokens: usage.input };
      const headers = answerHeaders({ ...answered, cost: settled?.cost });
      return c.json({ object: 'list', data, model: read.model, usage: counted }, 200, headers);
    }),
  );
}
