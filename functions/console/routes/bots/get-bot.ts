import { createRoute } from '@hono/zod-openapi';
import { bearer, idParameter, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { botDetailSchema, storedBotSchema } from './bot.ts';
import { countsOf, noCounts } from './bot-counts.ts';
import { sumsOf } from './bot-sums.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/bots/{id}',
  operationId: 'getConsoleBot',
  tags: ['console'],
  summary: 'One bot with sums of its people, messages and wallets',
  description: 'Neither people nor what they wrote.',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(botDetailSchema, 'The bot'), ...problems(...readProblems) },
});

export function getBot(router: Router, { database, supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const bot = await supervisor.ask('/operator/bots/show', { id }, storedBotSchema);
    const counts = (await countsOf(database, [id])).get(id);
    return c.json({ ...bot, ...noCounts, ...counts, ...(await sumsOf(database, bot)) }, 200);
  });
}
