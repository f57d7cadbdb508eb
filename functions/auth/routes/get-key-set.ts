import { createRoute, z } from '@hono/zod-openapi';
import type { KeyRing } from '../../../platform/capabilities/signing-keys/key-ring.ts';
import { json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'getKeySet',
  tags: ['auth'],
  summary: 'Public keys of the access tokens',
  responses: {
    200: json(
      z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() })) }),
      'JSON Web Key Set (RFC 7517)',
    ),
    ...problems(),
  },
});

export function getKeySet(router: Router, { keySet }: { keySet: KeyRing }): void {
  router.openapi(route, async (c) => {
    c.header('cache-control', 'public, max-age=300');
    return c.json((await keySet.set()) as { keys: { kty: string; kid: string; alg: string }[] }, 200);
  });
}
