import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const discrepancies = z.array(z.object({ check: z.string(), subject: z.string(), detail: z.string() }));

const checkedSchema = z
  .object({ books: discrepancies, wallets: discrepancies })
  .openapi('ConsoleDiscrepancies', { description: 'What contradicts itself; empty where all is well' });

const route = createRoute({
  method: 'get',
  path: '/api/operator/money/discrepancies',
  operationId: 'checkConsoleBooks',
  tags: ['console'],
  summary: 'Check invoices, payments, ledger and wallets against each other',
  description: 'Reads all of the books, which takes minutes on a large platform.',
  security: bearer,
  responses: { 200: json(checkedSchema, 'What was found'), ...problems(...readProblems) },
});

export function checkBooks(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const books = await supervisor.get('/operator/billing/discrepancies', discrepancies);
    const wallets = await supervisor.get('/operator/wallets/discrepancies', discrepancies);
    return c.json({ books, wallets }, 200);
  });
}
