import { createRoute, z } from '@hono/zod-openapi';
import { botTokenRefused, otherBot, telegramRefused, telegramUnavailable } from '../../../modules/bots/problems.ts';
import type { Bots } from '../../../modules/bots/records/contract.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { botChangesSchema, botSchema } from '../bot.ts';

const shared = { tags: ['bots'], security: bearer };
const denied = [invalidRequest, unauthenticated, notFound];

const list = createRoute({
  ...shared,
  ...{ method: 'get', path: '/api/bots', operationId: 'listBots', summary: 'Bots of your organization, newest first' },
  description: 'For administrators and owners. Tokens are never shown.',
  responses: { 200: json(z.strictObject({ items: z.array(botSchema) }), 'The bots'), ...problems(...denied) },
});

const get = createRoute({
  ...shared,
  ...{ method: 'get', path: '/api/bots/{id}', operationId: 'getBot', summary: 'One bot' },
  request: { params: idParameter },
  responses: { 200: json(botSchema, 'The bot'), ...problems(...denied) },
});

const change = createRoute({
  ...shared,
  ...{ method: 'patch', path: '/api/bots/{id}', operationId: 'changeBot', summary: 'Change a bot' },
  description:
    'For administrators and owners. A new token must be of the same bot. A bot that is stopped takes no messages until it is started again.',
  request: { params: idParameter, body: jsonBody(botChangesSchema) },
  responses: {
    200: json(botSchema, 'The bot'),
    ...problems(...bodyProblems, ...denied, botTokenRefused, otherBot, telegramRefused, telegramUnavailable),
  },
});

const remove = createRoute({
  ...shared,
  ...{ method: 'delete', path: '/api/bots/{id}', operationId: 'removeBot', summary: 'Remove a bot' },
  description:
    'For administrators and owners. Subscriptions to it end, its people and what they wrote are erased; payments stay in the books.',
  request: { params: idParameter },
  responses: { 204: { description: 'The bot is removed' }, ...problems(...denied, telegramUnavailable) },
});

export function manageBots(router: Router, { bots }: { bots: Bots }): void {
  router.openapi(list, async (c) => {
    requireRole(c.var.caller, 'admin');
    return c.json({ items: await bots.list(c.var.caller.organizationId) }, 200);
  });
  router.openapi(get, async (c) => {
    requireRole(c.var.caller, 'admin');
    return c.json(await bots.read(c.var.caller.organizationId, c.req.valid('param').id), 200);
  });
  router.openapi(change, async (c) => {
    requireRole(c.var.caller, 'admin');
    return c.json(await bots.change(c.var.caller, c.req.valid('param').id, c.req.valid('json')), 200);
  });
  router.openapi(remove, async (c) => {
    requireRole(c.var.caller, 'admin');
    await bots.remove(c.var.caller, c.req.valid('param').id);
    return c.body(null, 204);
  });
}
