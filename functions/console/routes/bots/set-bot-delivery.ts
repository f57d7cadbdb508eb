import { createRoute, z } from '@hono/zod-openapi';
import { bearer, idParameter, json, jsonBody, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, perform, requiredKey } from '../../perform.ts';
import { storedBotSchema } from './bot.ts';

const delivery = storedBotSchema.shape.delivery;

const route = createRoute({
  method: 'post',
  path: '/api/operator/bots/{id}/delivery',
  operationId: 'setConsoleBotDelivery',
  tags: ['console'],
  summary: 'Have Telegram send the updates of a bot, or poll them',
  description: 'Nothing changes where Telegram refuses. A webhook needs a public https address.',
  security: bearer,
  request: { params: idParameter, headers: requiredKey, body: jsonBody(z.strictObject({ delivery })) },
  responses: {
    200: json(z.object({ id: z.string(), delivery }).openapi('ConsoleBotDelivery'), 'How its updates come now'),
    ...problems(...changeProblems),
  },
});

export function setBotDelivery(router: Router, deps: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const asked = c.req.valid('json');
    const changed = await perform(c, deps, { action: 'set-bot-delivery', target: id, details: asked }, () =>
      deps.supervisor.post('/operator/bots/delivery', { id, ...asked }, storedBotSchema),
    );
    return c.json({ id, delivery: changed.delivery }, 200);
  });
}
