import { createRoute, z } from '@hono/zod-openapi';
import { generationStates } from '../../../modules/pictures/contract.ts';
import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { imageSchema, toImage } from '../image.ts';

const route = createRoute({
  method: 'get',
  path: '/api/images',
  operationId: 'listImageGenerations',
  tags: ['images'],
  summary: 'Your generations, newest first',
  security: bearer,
  request: { query: pageQuery.extend({ status: z.enum(generationStates).optional() }) },
  responses: {
    200: json(
      z.strictObject({ items: z.array(imageSchema), nextCursor: z.string().nullable() }),
      'A page of generations',
    ),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function listImages(router: Router, { generations }: { generations: Generations }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, status } = c.req.valid('query');
    const { caller, language } = c.var;
    const page = await generations.list(caller, { status, after: readCursor(cursor), limit });
    const items = page.items.map((generation) => toImage(generation, language));
    return c.json({ items, nextCursor: nextCursor(items, page.next !== undefined) }, 200);
  });
}
