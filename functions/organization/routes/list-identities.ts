import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { ownIdentities } from '../../../modules/people/linked/index.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { identitySchema, toIdentity } from '../identity.ts';

const route = createRoute({
  method: 'get',
  path: '/api/organization/identities',
  operationId: 'listIdentities',
  tags: ['organization'],
  summary: 'The chats in which bots know you',
  description: 'A bot answers there with your rights. `POST /api/bots/{id}/link-codes` links another.',
  security: bearer,
  responses: {
    200: json(z.strictObject({ items: z.array(identitySchema) }), 'Your linked identities'),
    ...problems(unauthenticated),
  },
});

export function listIdentities(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const rows = await database.tenant(caller.organizationId, (tx) => ownIdentities(tx, caller));
    return c.json({ items: rows.map(toIdentity) }, 200);
  });
}
