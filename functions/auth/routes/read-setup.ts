import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'get',
  path: '/api/setup',
  operationId: 'readSetup',
  tags: ['auth'],
  summary: 'Whether the platform waits for its first owner',
  responses: {
    200: json(
      z.strictObject({ open: z.boolean().openapi({ description: 'The platform has never had an organization' }) }),
      'State of the setup',
    ),
    ...problems(),
  },
});

export function readSetup(router: Router, { accounts }: { accounts: Accounts }): void {
  // Closed once is closed for ever.
  let open = true;
  router.openapi(route, async (c) => {
    open &&= await accounts.isSetupOpen();
    return c.json({ open }, 200);
  });
}
