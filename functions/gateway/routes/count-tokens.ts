import { z } from '@hono/zod-openapi';
import type { Gateway } from '../../../modules/models/gateway/admit-call.ts';
import { countPrompt } from '../../../modules/models/gateway/count-prompt.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerCall } from '../begin-call.ts';
import { anthropicError, describeOperation } from '../describe.ts';

const route = describeOperation({
  method: 'post',
  path: '/v1/messages/count_tokens',
  operationId: 'countMessageTokens',
  summary: "Count the tokens of a prompt in the format of Anthropic's messages, free of charge",
  error: anthropicError,
  body: { model: z.string(), messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']) })) },
});

/** `x-pandect-estimated` says that no provider counted. */
export function countTokens(router: Router, gateway: Gateway): void {
  router.openAPIRegistry.registerPath(route);
  router.post(route.path, (c) =>
    answerCall(c, gateway, 'messages', async ({ json: body, ...call }) => {
      const { tokens, isEstimated } = await countPrompt(gateway, { ...call, body });
      return c.json({ input_tokens: tokens }, 200, { ...(isEstimated && { 'x-pandect-estimated': 'true' }) });
    }),
  );
}
