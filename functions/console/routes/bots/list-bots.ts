import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { botSchema, storedBotSchema } from './bot.ts';
import { countsOf, noCounts } from './bot-counts.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/bots',
  operationId: 'listConsoleBots',
  tags: ['console'],
  summary: 'Bots of all organizations by numbers; no dialogue is shown',
  security: bearer,
  request: { query: z.object({ organization: z.uuid().optional() }) },
  responses: { 200: json(z.array(botSchema), 'Bots'), ...problems(...readProblems) },
});

const MOST = 1_000;

export function listBots(router: Router, { database, supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { organization } = c.req.valid('query');
    const bots = await supervisor.ask('/operator/bots/list', { organization, limit: MOST }, z.array(storedBotSchema));
    const counts = await countsOf(
      database,
      bots.map(({ id }) => id),
    );
    return c.json(
      bots.map((bot) => ({ ...bot, ...noCounts, ...counts.get(bot.id) })),
      200,
    );
  });
}
