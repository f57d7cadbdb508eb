import { createRoute, z } from '@hono/zod-openapi';
import { generationStates } from '../../../../modules/pictures/contract.ts';
import { bearer, idParameter, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, perform, readProblems, requiredKey } from '../../perform.ts';

const imageSchema = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    status: z.string(),
    reason: z.string().nullable(),
    model: z.string(),
    provider: z.string(),
    width: z.int(),
    height: z.int(),
    count: z.int(),
    units: z.int(),
    attempts: z.int(),
    maybeCharged: z.boolean(),
    late: z.boolean(),
    createdAt: z.string(),
    submittedAt: z.string().nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    cancelAskedAt: z.string().nullable(),
  })
  .openapi('ConsoleImage');

const listRoute = createRoute({
  method: 'get',
  path: '/api/operator/images',
  operationId: 'listConsoleImages',
  tags: ['console'],
  summary: 'Image generations of all organizations, the newest first',
  description: 'Neither prompts nor pictures.',
  security: bearer,
  request: {
    query: z.object({
      status: z
        .string()
        .refine((status) => generationStates.some((each) => each === status), `must be ${generationStates.join(', ')}`)
        .optional(),
      organization: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
  },
  responses: { 200: json(z.array(imageSchema), 'Generations'), ...problems(...readProblems) },
});

const cancelRoute = createRoute({
  method: 'post',
  path: '/api/operator/images/{id}/cancel',
  operationId: 'cancelConsoleImage',
  tags: ['console'],
  summary: 'Cancel a generation',
  security: bearer,
  request: { params: idParameter, headers: requiredKey },
  responses: { 200: json(imageSchema, 'The generation'), ...problems(...changeProblems) },
});

export function imagesOfAll(router: Router, deps: ConsoleDeps): void {
  const { supervisor } = deps;
  router.openapi(listRoute, async (c) =>
    c.json(await supervisor.ask('/operator/images/list', c.req.valid('query'), z.array(imageSchema)), 200),
  );
  router.openapi(cancelRoute, async (c) => {
    const { id } = c.req.valid('param');
    const image = await perform(c, deps, { action: 'cancel-image', target: id, details: {} }, () =>
      supervisor.post('/operator/images/cancel', { id }, imageSchema),
    );
    return c.json(image, 200);
  });
}
