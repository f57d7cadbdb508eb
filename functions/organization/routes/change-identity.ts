import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { changeIdentity } from '../../../modules/people/linked/index.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { identitySchema, toIdentity } from '../identity.ts';

const route = createRoute({
  method: 'patch',
  path: '/api/organization/identities/{id}',
  operationId: 'changeIdentity',
  tags: ['organization'],
  summary: 'Say whether letters are sent to a chat as well',
  security: bearer,
  request: { params: idParameter, body: jsonBody(z.strictObject({ letters: z.boolean() })) },
  responses: { 200: json(identitySchema, 'The identity'), ...problems(...bodyProblems, unauthenticated, notFound) },
});

export function changeOwnIdentity(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    const change = c.req.valid('json');
    const row = await database.tenant(caller.organizationId, (tx) => changeIdentity(tx, caller, id, change));
    return c.json(toIdentity(row), 200);
  });
}
