import { createRoute } from '@hono/zod-openapi';
import { botTaken, botTokenRefused, telegramRefused, telegramUnavailable } from '../../../modules/bots/problems.ts';
import type { Bots, ShownBot } from '../../../modules/bots/records/contract.ts';
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
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { botSchema, newBotSchema } from '../bot.ts';

const route = createRoute({
  method: 'post',
  path: '/api/bots',
  operationId: 'createBot',
  tags: ['bots'],
  summary: 'Set up a bot',
  description:
    'For administrators and owners. The token is checked with Telegram and kept encrypted. A bot belongs to one organization of the platform.',
  security: bearer,
  request: { headers: idempotencyHeader, body: jsonBody(newBotSchema) },
  responses: {
    201: json(botSchema, 'The bot'),
    ...problems(
      ...[...bodyProblems, unauthenticated, notFound, idempotencyConflict, idempotencyMismatch],
      ...[botTaken, botTokenRefused, telegramRefused, telegramUnavailable],
    ),
  },
});

export function createBot(router: Router, { bots, idempotency }: { bots: Bots; idempotency: Idempotency }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const asked = c.req.valid('json');
    const request = idempotentRequest(c.req.valid('header')['idempotency-key'], route.path, asked);
    const made = await idempotency.once<ShownBot>(caller, request, (keep) => bots.create(caller, asked, keep));
    return c.json(made, 201);
  });
}
