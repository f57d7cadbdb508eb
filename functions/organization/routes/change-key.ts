import { createRoute, z } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { keyAndEarlier } from '../../../modules/people/key-and-earlier.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { outranks } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { apiKeySchema, keyLimits, toApiKey } from '../api-key.ts';

const changesSchema = z
  .strictObject({ name: words(100), ...keyLimits })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, { message: 'must change something' });

const route = createRoute({
  method: 'patch',
  path: '/api/keys/{id}',
  operationId: 'changeKey',
  tags: ['keys'],
  summary: 'Rename an API key or change its limits',
  description:
    'Changes your own key, or any key of the organization for administrators and owners. Takes effect within a second.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(changesSchema) },
  responses: { 200: json(apiKeySchema, 'The key'), ...problems(...bodyProblems, unauthenticated, notFound) },
});

export function changeKey(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId, userId, role } = c.var.caller;
    const { id } = c.req.valid('param');
    const changes = c.req.valid('json');
    const own = outranks('admin', role) ? eq(apiKeys.userId, userId) : undefined;
    const key = await database.tenant(organizationId, async (tx) => {
      const rows = await tx
        .update(apiKeys)
        .set(changes)
        .where(and(keyAndEarlier(id), own))
        .returning();
      const row = rows.find((one) => one.id === id);
      if (!row) throw new Problem(notFound);
      await recordAct(tx, { organizationId, actorId: userId, action: 'change-key', target: id, details: changes });
      return row;
    });
    return c.json(toApiKey(key), 200);
  });
}
