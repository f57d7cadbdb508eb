import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/me/sessions',
  operationId: 'endOtherSessions',
  tags: ['me'],
  summary: 'End all of your sessions but this one',
  description: 'Their access tokens end within a second too. API keys stay.',
  security: bearer,
  responses: {
    200: json(z.strictObject({ sessions: z.int().openapi({ description: 'Number of sessions ended' }) }), 'Ended'),
    ...problems(unauthenticated),
  },
});

export function endOtherSessions(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => c.json({ sessions: await accounts.endOtherSessions(c.var.caller) }, 200));
}
