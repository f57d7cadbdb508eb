import { createRoute } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { profileSchema, toProfile } from '../profile.ts';

const route = createRoute({
  method: 'get',
  path: '/api/me',
  operationId: 'readMe',
  tags: ['me'],
  summary: 'Who you are, and your sessions',
  security: bearer,
  responses: { 200: json(profileSchema, 'You'), ...problems(unauthenticated) },
});

export function readMe(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => c.json(toProfile(await accounts.readProfile(c.var.caller)), 200));
}
