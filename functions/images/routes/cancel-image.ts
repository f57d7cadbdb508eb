import { createRoute } from '@hono/zod-openapi';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { imageSchema, toImage } from '../image.ts';

const route = createRoute({
  method: 'post',
  path: '/api/images/{id}/cancel',
  operationId: 'cancelImageGeneration',
  tags: ['images'],
  summary: 'Cancel a generation',
  description:
    'One that is `queued` is `cancelled` at once and costs nothing. Of one that the provider has, it is asked for (`cancelAsked`): it ends as `cancelled`, or as `done` and charged when its pictures came first. One that has ended stays as it is.',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(imageSchema, 'The generation'), ...problems(invalidRequest, unauthenticated, notFound) },
});

export function cancelImage(router: Router, { generations }: { generations: Generations }): void {
  router.openapi(route, async (c) => {
    const { caller, language } = c.var;
    requireRole(caller, 'member');
    const generation = await generations.cancel(caller, c.req.valid('param').id);
    return c.json(toImage(generation, language), 200);
  });
}
