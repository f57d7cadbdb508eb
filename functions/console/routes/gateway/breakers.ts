import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, jsonBody, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, perform, readProblems, requiredKey } from '../../perform.ts';

const breakerSchema = z
  .object({
    target: z.string(),
    state: z.enum(['closed', 'open', 'half-open']),
    failures: z.int(),
    until: z.string().optional().openapi({ description: 'When it is tried again; missing where an operator set it' }),
  })
  .openapi('ConsoleBreaker');
const breakers = z.array(breakerSchema);

const listRoute = createRoute({
  method: 'get',
  path: '/api/operator/gateway/breakers',
  operationId: 'listConsoleBreakers',
  tags: ['console'],
  summary: 'Models that failed in the last day, or were set; all others are closed',
  security: bearer,
  responses: { 200: json(breakers, 'Breakers'), ...problems(...readProblems) },
});

const setRoute = createRoute({
  method: 'post',
  path: '/api/operator/gateway/breakers',
  operationId: 'setConsoleBreaker',
  tags: ['console'],
  summary: 'Let no call through to a model, or let them through again',
  security: bearer,
  request: {
    headers: requiredKey,
    body: jsonBody(z.strictObject({ target: z.string().min(1).max(200), state: z.enum(['open', 'closed']) })),
  },
  responses: { 200: json(breakers, 'Breakers'), ...problems(...changeProblems) },
});

export function breakersOfGateway(router: Router, deps: ConsoleDeps): void {
  const { supervisor } = deps;
  const list = () => supervisor.get('/operator/gateway/breakers', breakers);
  router.openapi(listRoute, async (c) => c.json(await list(), 200));
  router.openapi(setRoute, async (c) => {
    const { target, state } = c.req.valid('json');
    const action = state === 'open' ? 'open-breaker' : 'close-breaker';
    await perform(c, deps, { action, target, details: {} }, async () => {
      await supervisor.post('/operator/gateway/breakers/set', { target, state }, z.unknown());
      return {};
    });
    return c.json(await list(), 200);
  });
}
