import { createRoute, z } from '@hono/zod-openapi';
import type { ProviderKeys } from '../../../modules/models/configuration/provider-keys.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { providerKeySchema, providerParameter, toProviderKey } from '../provider-key.ts';

const list = createRoute({
  method: 'get',
  path: '/api/gateway/provider-keys',
  operationId: 'listProviderKeys',
  tags: ['gateway'],
  summary: 'Your own keys of model providers',
  description: 'For administrators and owners. Shows the last four characters; the keys themselves are never shown.',
  security: bearer,
  responses: {
    200: json(z.strictObject({ items: z.array(providerKeySchema) }), 'By provider'),
    ...problems(unauthenticated, notFound),
  },
});

const get = createRoute({
  method: 'get',
  path: '/api/gateway/provider-keys/{provider}',
  operationId: 'getProviderKey',
  tags: ['gateway'],
  summary: 'Your own key of one provider',
  description: 'For administrators and owners. Shows the last four characters.',
  security: bearer,
  request: { params: providerParameter },
  responses: {
    200: json(providerKeySchema, 'The key'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function listProviderKeys(router: Router, { providerKeys }: { providerKeys: ProviderKeys }): void {
  router.openapi(list, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const keys = await providerKeys.list(caller.organizationId);
    return c.json({ items: keys.map(toProviderKey) }, 200);
  });
  router.openapi(get, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { provider } = c.req.valid('param');
    const keys = await providerKeys.list(caller.organizationId);
    const key = keys.find((each) => each.provider === provider);
    if (!key) throw new Problem(notFound);
    return c.json(toProviderKey(key), 200);
  });
}
