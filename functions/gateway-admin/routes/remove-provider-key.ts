import { createRoute } from '@hono/zod-openapi';
import type { ProviderKeys } from '../../../modules/models/configuration/provider-keys.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { providerParameter } from '../provider-key.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/gateway/provider-keys/{provider}',
  operationId: 'removeProviderKey',
  tags: ['gateway'],
  summary: 'Stop using your own key of a model provider',
  description: 'For administrators and owners. Calls are made with the platform’s key again within a second.',
  security: bearer,
  request: { params: providerParameter },
  responses: {
    204: { description: 'The key is deleted' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function removeProviderKey(router: Router, { providerKeys }: { providerKeys: ProviderKeys }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const removed = await providerKeys.remove(caller, c.req.valid('param').provider);
    if (!removed) throw new Problem(notFound);
    return c.body(null, 204);
  });
}
