import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { keyAndEarlier } from '../../../modules/people/key-and-earlier.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
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

const channel = z.enum(['external', 'internal']);
const keySchema = z
  .strictObject({ id: z.uuid(), organizationId: z.uuid(), name: z.string(), prefix: z.string(), channel })
  .openapi('AdministeredKey');

const route = createRoute({
  method: 'patch',
  path: '/api/admin/keys/{id}',
  operationId: 'changeKeyChannel',
  tags: ['administration'],
  summary: 'Put an API key on a channel',
  description: "The internal channel is for the operator's services and has higher rate limits.",
  security: bearer,
  request: { params: idParameter, body: jsonBody(z.strictObject({ channel })) },
  responses: {
    200: json(keySchema, 'The key'),
    ...problems(...bodyProblems, freshSignInNeeded, unauthenticated, notFound),
  },
});

export function changeKey(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const wanted = c.req.valid('json').channel;
    const { id } = c.req.valid('param');
    const key = await database.transaction(async (tx) => {
      const rows = await tx.update(apiKeys).set({ channel: wanted }).where(keyAndEarlier(id)).returning();
      const row = rows.find((one) => one.id === id);
      if (!row) throw new Problem(notFound);
      const { organizationId } = row;
      const act = { organizationId, actorId: c.var.caller.userId, target: id, details: { channel: wanted } };
      await recordAct(tx, { ...act, action: 'change-key-channel' });
      return row;
    });
    const { organizationId, name, prefix } = key;
    return c.json({ id, organizationId, name, prefix, channel: key.channel }, 200);
  });
}
