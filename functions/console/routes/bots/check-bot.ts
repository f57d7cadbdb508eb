import { createRoute, z } from '@hono/zod-openapi';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { changeRefused } from '../../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { botCheckSchema } from './bot.ts';

const answerSchema = z
  .object({
    check: botCheckSchema.nullable(),
    failure: z.string().nullable().openapi({ description: 'Why Telegram could not be asked' }),
  })
  .openapi('ConsoleBotCheck');

const route = createRoute({
  method: 'get',
  path: '/api/operator/bots/{id}/check',
  operationId: 'checkConsoleBot',
  tags: ['console'],
  summary: 'What Telegram says of a bot now',
  description: 'Asks Telegram, and changes nothing.',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(answerSchema, 'What it says'), ...problems(...readProblems) },
});

export function checkBot(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    try {
      return c.json(
        { check: await supervisor.ask('/operator/bots/check', { id }, botCheckSchema), failure: null },
        200,
      );
    } catch (error) {
      if (!(error instanceof Problem) || error.type !== changeRefused.type) throw error;
      return c.json({ check: null, failure: String(error.parameters.reason) }, 200);
    }
  });
}
