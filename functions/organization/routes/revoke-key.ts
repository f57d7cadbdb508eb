import { createRoute } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { endKey } from '../../../modules/people/key-and-earlier.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { outranks } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/keys/{id}',
  operationId: 'revokeKey',
  tags: ['keys'],
  summary: 'Revoke an API key',
  description:
    'Revokes your own key, or any key of the organization for administrators and owners. Takes effect within a second.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    204: { description: 'Revoked now or earlier' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function revokeKey(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId, userId, role } = c.var.caller;
    const { id } = c.req.valid('param');
    const own = outranks('admin', role) ? eq(apiKeys.userId, userId) : undefined;
    await database.tenant(organizationId, async (tx) => {
      const [key] = await tx
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.id, id), own));
      if (!key) throw new Problem(notFound);
      const revoked = await endKey(tx, id);
      if (revoked.length === 0) return;
      const details = { name: key.name, prefix: key.prefix, userId: key.userId };
      await recordAct(tx, { organizationId, actorId: userId, action: 'revoke-key', target: id, details });
    });
    return c.body(null, 204);
  });
}
