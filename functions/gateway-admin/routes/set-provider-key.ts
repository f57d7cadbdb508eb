import { createRoute, z } from '@hono/zod-openapi';
import type { ProviderKeys } from '../../../modules/models/configuration/provider-keys.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { providerKeySchema, providerParameter, toProviderKey } from '../provider-key.ts';

const newKeySchema = z.strictObject({
  key: z
    .string()
    .regex(/^[\x21-\x7e]{8,4096}$/, { message: 'must be 8 to 4096 visible ASCII characters without spaces' })
    .openapi({ description: 'As the provider gave it to you' }),
});

const route = createRoute({
  method: 'put',
  path: '/api/gateway/provider-keys/{provider}',
  operationId: 'setProviderKey',
  tags: ['gateway'],
  summary: 'Use your own key of a model provider',
  description:
    'For administrators and owners. Within a second the calls of your organization to this provider are made with the key, in place of the platform’s. It is kept encrypted and never shown again.',
  security: bearer,
  request: { params: providerParameter, body: jsonBody(newKeySchema) },
  responses: {
    200: json(providerKeySchema, 'The key, without itself'),
    ...problems(...bodyProblems, unauthenticated, notFound),
  },
});

export function setProviderKey(router: Router, { providerKeys }: { providerKeys: ProviderKeys }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { provider } = c.req.valid('param');
    const kept = await providerKeys.set(caller, provider, c.req.valid('json').key);
    if (!kept) throw new Problem(notFound);
    return c.json(toProviderKey(kept), 200);
  });
}
