import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const roubles = z.string().openapi({ description: 'Roubles for a million tokens' });
const priceSchema = z
  .object({ validFrom: z.string(), prompt: roubles, completion: roubles, cached: roubles })
  .openapi('ConsolePrice');

const targetSchema = z
  .object({
    target: z.string(),
    provider: z.string(),
    model: z.string(),
    price: z.string().openapi({ description: 'Name that its price has' }),
    routes: z.array(z.string()).openapi({ description: 'That lead to it' }),
    now: priceSchema.nullable().openapi({ description: 'Null: it has no price and is refused' }),
    isCeiling: z.boolean().openapi({ description: '`now` is the price `*`, as it has none of its own' }),
    next: priceSchema.nullable().openapi({ description: 'The one that follows' }),
  })
  .openapi('ConsoleTargetPrice');

const route = createRoute({
  method: 'get',
  path: '/api/operator/gateway/prices',
  operationId: 'listConsolePrices',
  tags: ['console'],
  summary: 'What calls of each target are charged with now',
  description: 'Of requests of any length; `GET /api/admin/prices` has all prices, which are set there.',
  security: bearer,
  responses: { 200: json(z.array(targetSchema), 'Targets'), ...problems(...readProblems) },
});

export function listPrices(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) =>
    c.json(await supervisor.get('/operator/gateway/prices', z.array(targetSchema)), 200),
  );
}
