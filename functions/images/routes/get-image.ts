import { createRoute } from '@hono/zod-openapi';
import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { imageSchema, toImage } from '../image.ts';

const route = createRoute({
  method: 'get',
  path: '/api/images/{id}',
  operationId: 'getImageGeneration',
  tags: ['images'],
  summary: 'One generation and how far it is',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(imageSchema, 'The generation'), ...problems(invalidRequest, unauthenticated, notFound) },
});

export function getImage(router: Router, { generations }: { generations: Generations }): void {
  router.openapi(route, async (c) => {
    const generation = await generations.read(c.var.caller, c.req.valid('param').id);
    return c.json(toImage(generation, c.var.language), 200);
  });
}
