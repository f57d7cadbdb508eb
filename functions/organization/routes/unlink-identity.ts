import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { unlinkIdentity } from '../../../modules/people/linked/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/organization/identities/{id}',
  operationId: 'unlinkIdentity',
  tags: ['organization'],
  summary: 'Let a bot no longer know you in a chat',
  description: 'Takes effect with the next message there.',
  security: bearer,
  request: { params: idParameter },
  responses: { 204: { description: 'Unlinked' }, ...problems(invalidRequest, unauthenticated, notFound) },
});

export function unlinkOwnIdentity(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    await database.tenant(caller.organizationId, (tx) => unlinkIdentity(tx, caller, id));
    return c.body(null, 204);
  });
}
