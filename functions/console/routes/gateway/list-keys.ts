import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const roubles = z.string().openapi({ description: 'Roubles, exact' });
const limit = z.int().nullable().openapi({ description: 'Null: what its channel allows' });
const refused = z.int().openapi({ description: 'Calls that were answered with 429, on that day by UTC' });

const budgetSchema = z
  .object({
    window: z.enum(['day', 'month', 'total']),
    hard: z.boolean().openapi({ description: 'Refuses what would exceed it; else it only notifies' }),
    limitCost: roubles.nullable(),
    spentCost: roubles,
    heldCost: roubles.openapi({ description: 'By calls in progress' }),
    limitTokens: z.int().nullable(),
    spentTokens: z.int(),
    heldTokens: z.int(),
  })
  .openapi('ConsoleKeyBudget');

const keySchema = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    organization: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: 'The start of the key, to recognize it by' }),
    channel: z.enum(['external', 'internal']),
    routes: z.array(z.string()).nullable().openapi({ description: 'Null: all of them' }),
    rpm: limit,
    tpm: limit,
    concurrency: limit,
    lastUsedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
    budgets: z.array(budgetSchema).openapi({ description: 'Of the key alone; those of its organization hold as well' }),
    refused: z.object({ today: refused, yesterday: refused }),
  })
  .openapi('ConsoleKey');

const route = createRoute({
  method: 'get',
  path: '/api/operator/gateway/keys',
  operationId: 'listConsoleKeys',
  tags: ['console'],
  summary: 'Keys that may call models, the last used first, with their budgets and refusals',
  description: 'The keys themselves are stored nowhere. While Redis is unavailable refusals are not counted.',
  security: bearer,
  request: {
    query: z.object({
      organization: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
  },
  responses: { 200: json(z.array(keySchema), 'Keys'), ...problems(...readProblems) },
});

export function listKeys(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) =>
    c.json(await supervisor.ask('/operator/gateway/keys', c.req.valid('query'), z.array(keySchema)), 200),
  );
}
