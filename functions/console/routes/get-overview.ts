import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { moneyToday } from '../money-today.ts';
import { type ConsoleDeps, readProblems } from '../perform.ts';
import { overviewOfSupervisor } from '../rows.ts';

const overviewSchema = overviewOfSupervisor
  .extend({
    money: z.object({
      today: z.array(
        z.object({
          currency: z.string(),
          amount: z.string().openapi({ description: 'Decimal; of roubles and the like, not of their hundredths' }),
          what: z.enum(['paid', 'spent']).openapi({ description: 'By customers, or on models' }),
        }),
      ),
    }),
  })
  .openapi('ConsoleOverview');

const route = createRoute({
  method: 'get',
  path: '/api/operator/overview',
  operationId: 'getConsoleOverview',
  tags: ['console'],
  summary: 'The platform at a glance',
  description: 'What is broken, what changed last, and the figures of the last five minutes; money of the day by UTC.',
  security: bearer,
  responses: { 200: json(overviewSchema, 'The platform'), ...problems(...readProblems) },
});

export function getOverview(router: Router, { database, supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const [shown, today] = await Promise.all([supervisor.get('/overview', overviewOfSupervisor), moneyToday(database)]);
    return c.json({ ...shown, money: { today } }, 200);
  });
}
