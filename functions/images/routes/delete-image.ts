import { createRoute } from '@hono/zod-openapi';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { imageInProgress } from '../../../modules/pictures/problems.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/images/{id}',
  operationId: 'deleteImageGeneration',
  tags: ['images'],
  summary: 'Delete a generation and its pictures',
  description: 'Only one that has ended; cancel the others first. What it cost stays on the books.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    204: { description: 'Deleted' },
    ...problems(invalidRequest, unauthenticated, notFound, imageInProgress),
  },
});

export function deleteImage(router: Router, { generations }: { generations: Generations }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    await generations.remove(caller, c.req.valid('param').id);
    return c.body(null, 204);
  });
}
