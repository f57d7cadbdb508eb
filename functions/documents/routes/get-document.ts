import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { documentSchema, findDocument, toDocument } from '../document.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}',
  operationId: 'getDocument',
  tags: ['documents'],
  summary: 'One document and how far it is',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(documentSchema, 'The document'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function getDocument(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const row = await database.tenant(c.var.caller.organizationId, (tx) => findDocument(tx, id));
    return c.json(toDocument(row, c.var.language), 200);
  });
}
