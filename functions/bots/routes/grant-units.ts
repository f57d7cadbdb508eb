import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { grantToUser } from '../../../modules/bots/people/grant-to-user.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  notFound,
  unauthenticated,
} from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idempotencyHeader,
  json,
  jsonBody,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const param = (name: string) => z.uuid().openapi({ param: { name, in: 'path' } });

const grantSchema = z.strictObject({
  unit: z.enum(['reading', 'image']),
  amount: z.int().min(1).max(100_000),
  reason: words(500),
  reference: words(200).openapi({ description: 'Names the grant, such as a ticket: the same one is given once' }),
  expiresAt: z.iso.datetime().optional(),
});

const givenSchema = z.strictObject({
  given: z.boolean().openapi({ description: 'False when the reference was used before' }),
  bought: z.int().openapi({ description: 'Units that the person can use on top of the free ones' }),
});

const route = createRoute({
  method: 'post',
  path: '/api/bots/{id}/users/{userId}/grants',
  operationId: 'grantUnits',
  tags: ['bots'],
  summary: 'Give a person of a bot units',
  description: 'For administrators and owners. Free of charge, and written to the audit log.',
  security: bearer,
  request: {
    params: z.object({ id: param('id'), userId: param('userId') }),
    headers: idempotencyHeader,
    body: jsonBody(grantSchema),
  },
  responses: {
    200: json(givenSchema, 'What the person has now'),
    ...problems(...bodyProblems, ...([unauthenticated, notFound, idempotencyConflict, idempotencyMismatch] as const)),
  },
});

export function grantUnits(
  router: Router,
  { database, idempotency }: { database: Database; idempotency: Idempotency },
): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { organizationId, userId: actorId } = caller;
    const { id: botId, userId } = c.req.valid('param');
    const { expiresAt, ...grant } = c.req.valid('json');
    const request = idempotentRequest(
      ...([c.req.valid('header')['idempotency-key'], route.path, botId, userId, grant, expiresAt] as const),
    );
    const given = await idempotency.once<z.output<typeof givenSchema>>(caller, request, (keep) =>
      database.tenant(organizationId, async (tx) => {
        const until = expiresAt === undefined ? undefined : new Date(expiresAt);
        const result = await grantToUser(tx, { organizationId, botId, userId, actorId, ...grant, expiresAt: until });
        await keep(tx, result);
        return result;
      }),
    );
    return c.json(given, 200);
  });
}
