import { createRoute, z } from '@hono/zod-openapi';
import type { Idempotency } from '../../../platform/capabilities/idempotency/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/ask/{key}',
  operationId: 'stopAsking',
  tags: ['ask'],
  summary: 'Stop an answer in progress',
  description:
    'The request that was sent with this `Idempotency-Key` ends at once. What came of its answer is stored with the conversation as `incomplete`, and is charged; before its first word the request fails as `answer-stopped` and does not count. An answer that is complete stays as it is.',
  security: bearer,
  request: {
    params: z.object({
      key: z
        .string()
        .min(1)
        .max(200)
        .openapi({ param: { name: 'key', in: 'path' } }),
    }),
  },
  responses: {
    204: { description: 'The answer is being stopped, or is complete' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function stopAsking(router: Router, { idempotency }: { idempotency: Idempotency }): void {
  router.openapi(route, async (c) => {
    const isKnown = await idempotency.stop(c.var.caller, c.req.valid('param').key);
    if (!isKnown) throw new Problem(notFound);
    return c.body(null, 204);
  });
}
