import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { profileSchema, toProfile } from '../profile.ts';

const { language, theme } = profileSchema.shape;
const changeSchema = z
  .strictObject({ language: language.optional(), theme: theme.optional() })
  .refine((change) => Object.keys(change).length > 0, { message: 'must change something' });

const route = createRoute({
  method: 'patch',
  path: '/api/me',
  operationId: 'updateMe',
  tags: ['me'],
  summary: 'Change your language or the colours of the app',
  security: bearer,
  request: { body: jsonBody(changeSchema) },
  responses: { 200: json(profileSchema, 'You'), ...problems(...bodyProblems, unauthenticated) },
});

export function updateMe(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) =>
    c.json(toProfile(await accounts.updateProfile(c.var.caller, c.req.valid('json'))), 200),
  );
}
