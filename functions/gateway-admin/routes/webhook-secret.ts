import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { lookAtSecret, revealSecret, type SecretSeal } from '../../../modules/models/callbacks/webhook-secret.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const common = { path: '/api/gateway/webhook-secret', tags: ['gateway'], security: bearer };
const time = z.iso.datetime().nullable();

const get = createRoute({
  ...{ ...common, method: 'get', operationId: 'getWebhookSecretState' },
  summary: 'When the secret of callbacks was made',
  description: 'For administrators and owners. The secret itself is shown once, when it is made.',
  responses: {
    200: json(
      z.strictObject({ createdAt: time, isShown: z.boolean(), previousUntil: time }).openapi('WebhookSecretState'),
      'The state of the secret; without times before the first',
    ),
    ...problems(unauthenticated, notFound),
  },
});

const post = createRoute({
  ...{ ...common, method: 'post', operationId: 'revealWebhookSecret' },
  summary: 'Show the secret of callbacks once, or make another',
  description:
    'For administrators and owners. The first time it shows the secret; each later time it makes another one. For 24 hours callbacks are signed with both.',
  responses: {
    200: json(
      z
        .strictObject({ secret: z.string().startsWith('whsec_'), createdAt: z.iso.datetime(), previousUntil: time })
        .openapi('WebhookSecret'),
      'The secret, which is not shown again',
    ),
    ...problems(unauthenticated, notFound),
  },
});

const text = (at: Date | null | undefined) => at?.toISOString() ?? null;

export function webhookSecret(router: Router, { database, seal }: { database: Database; seal: SecretSeal }): void {
  router.openapi(get, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const found = await database.tenant(caller.organizationId, (tx) => lookAtSecret(tx, caller.organizationId));
    const [createdAt, previousUntil] = [text(found?.createdAt), text(found?.previousUntil)];
    return c.json({ createdAt, isShown: (found?.shownAt ?? null) !== null, previousUntil }, 200);
  });
  router.openapi(post, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { organizationId, userId: actorId } = caller;
    const { secret, createdAt, previousUntil } = await database.tenant(organizationId, async (tx) => {
      await recordAct(tx, { organizationId, actorId, action: 'reveal-webhook-secret', target: organizationId });
      return revealSecret(tx, seal, organizationId);
    });
    return c.json({ secret, createdAt: createdAt.toISOString(), previousUntil: text(previousUntil) }, 200);
  });
}
