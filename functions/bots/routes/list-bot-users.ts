import { createRoute, z } from '@hono/zod-openapi';
import type { Bots } from '../../../modules/bots/records/contract.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const userSchema = z
  .strictObject({
    id: z.uuid(),
    language: z.enum(['ru', 'en']),
    isBlocked: z.boolean().openapi({ description: 'The person has blocked the bot' }),
    createdAt: z.iso.datetime(),
    seenAt: z.iso.datetime(),
  })
  .openapi('BotUser');

const route = createRoute({
  method: 'get',
  path: '/api/bots/{id}/users',
  operationId: 'listBotUsers',
  tags: ['bots'],
  summary: 'People of a bot, newest first',
  description: 'For administrators and owners. Names and numbers of people in Telegram are not shown.',
  security: bearer,
  request: { params: idParameter, query: pageQuery },
  responses: {
    200: json(z.strictObject({ items: z.array(userSchema), nextCursor: z.string().nullable() }), 'A page of people'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function listBotUsers(router: Router, { bots }: { bots: Bots }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { cursor, limit } = c.req.valid('query');
    const page = { after: readCursor(cursor), limit };
    const { items, more } = await bots.users(caller.organizationId, c.req.valid('param').id, page);
    return c.json({ items, nextCursor: nextCursor(items, more) }, 200);
  });
}
