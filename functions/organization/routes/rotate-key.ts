import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { holdConfirmed } from '../../../modules/people/accounts/index.ts';
import { digest, newApiKey } from '../../../modules/people/identity/index.ts';
import { emailUnconfirmed } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { tokenIssuedAt } from '../../../platform/runtime/http/authenticate.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { createdKeySchema, toApiKey } from '../api-key.ts';

const MOST_GRACE_SECONDS = 30 * 24 * 3600;

const rotationSchema = z.strictObject({
  graceSeconds: z
    .int()
    .min(0)
    .max(MOST_GRACE_SECONDS)
    .openapi({ description: 'How long the old secret still works; 0 ends it at once' }),
});

const route = createRoute({
  method: 'post',
  path: '/api/keys/{id}/rotate',
  operationId: 'rotateKey',
  tags: ['keys'],
  summary: 'Replace the secret of an API key',
  description:
    'Rotates your own key. Its id, limits, budgets and usage stay; until the grace ends the old secret works as the same key. Each call makes another secret.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(rotationSchema) },
  responses: {
    200: json(createdKeySchema, 'The key with its new secret'),
    ...problems(...bodyProblems, unauthenticated, emailUnconfirmed, notFound),
  },
});

export function rotateKey(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { organizationId, userId } = caller;
    const { id } = c.req.valid('param');
    const { graceSeconds } = c.req.valid('json');
    const issuedAt = tokenIssuedAt(c);
    const { key, prefix } = newApiKey(organizationId);
    const rotated = await database.tenant(organizationId, async (tx) => {
      await holdConfirmed(tx, caller, issuedAt);
      const isValid = and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)));
      const [old] = await tx
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isNull(apiKeys.replacedBy), isValid))
        .for('update');
      if (!old) throw new Problem(notFound);
      const [row] = await tx
        .update(apiKeys)
        .set({ prefix, keyHash: digest(key) })
        .where(eq(apiKeys.id, id))
        .returning();
      if (!row) throw new Error('Rotate key: no row came back');
      if (graceSeconds > 0) {
        const graceUntil = new Date(Date.now() + graceSeconds * 1000);
        const expiresAt = old.expiresAt && old.expiresAt < graceUntil ? old.expiresAt : graceUntil;
        const before = { ...old, id: crypto.randomUUID(), replacedBy: id, graceUntil, expiresAt };
        await tx.insert(apiKeys).values(before);
      }
      const act = { organizationId, actorId: userId, action: 'rotate-key', target: id };
      await recordAct(tx, { ...act, details: { name: row.name, graceSeconds } });
      return row;
    });
    return c.json({ ...toApiKey(rotated), key }, 200);
  });
}
