import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { holdConfirmed } from '../../../modules/people/accounts/index.ts';
import { digest, newApiKey } from '../../../modules/people/identity/index.ts';
import { emailUnconfirmed } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  notFound,
  unauthenticated,
} from '../../../platform/kernel/problems.ts';
import { tokenIssuedAt } from '../../../platform/runtime/http/authenticate.ts';
import {
  bearer,
  bodyProblems,
  idempotencyHeader,
  json,
  jsonBody,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { type ApiKey, createdKeySchema, keyExpirySchema, keyLimits, keyScopesSchema, toApiKey } from '../api-key.ts';

const newKeySchema = z.strictObject({
  name: words(100),
  scopes: keyScopesSchema,
  routes: keyLimits.routes.optional(),
  rpm: keyLimits.rpm.optional(),
  tpm: keyLimits.tpm.optional(),
  concurrency: keyLimits.concurrency.optional(),
  expiresAt: keyExpirySchema
    .optional()
    .openapi({ description: 'At most one year ahead; without it the key does not expire' }),
});

const route = createRoute({
  method: 'post',
  path: '/api/keys',
  operationId: 'createKey',
  tags: ['keys'],
  summary: 'Make an API key',
  description:
    'For members and above whose address is confirmed. The key goes where an access token goes and acts as you, with the role you have at that moment, for what its scopes name: `ask`, `search`, `documents:read`, `documents:write`, `conversations`, `usage`, `gateway`. It opens nothing else, and ends when you leave the organization or choose a new password by e-mail.',
  security: bearer,
  request: { headers: idempotencyHeader, body: jsonBody(newKeySchema) },
  responses: {
    201: json(createdKeySchema, 'The key'),
    ...problems(...bodyProblems, unauthenticated, emailUnconfirmed, notFound, idempotencyConflict, idempotencyMismatch),
  },
});

interface CreateKeyDeps {
  database: Database;
  idempotency: Idempotency;
}

export function createKey(router: Router, { database, idempotency }: CreateKeyDeps): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    const { organizationId, userId } = caller;
    const issuedAt = tokenIssuedAt(c);
    const asked = c.req.valid('json');
    const { name, scopes, expiresAt: _, ...limits } = asked;
    const expiresAt = asked.expiresAt === undefined ? null : new Date(asked.expiresAt);
    const request = idempotentRequest(c.req.valid('header')['idempotency-key'], route.path, asked);

    let shown: string | null = null;
    const made = await idempotency.once<ApiKey>(caller, request, async (keep) => {
      const { key, prefix } = newApiKey(organizationId);
      const stored = await database.tenant(organizationId, async (tx) => {
        await holdConfirmed(tx, caller, issuedAt);
        const values = { organizationId, userId, name, prefix, keyHash: digest(key), scopes, ...limits, expiresAt };
        const [row] = await tx.insert(apiKeys).values(values).returning();
        if (!row) throw new Error('Make key: no row came back');
        const details = { name, scopes, ...limits, expiresAt };
        await recordAct(tx, { organizationId, actorId: userId, action: 'create-key', target: row.id, details });
        const result = toApiKey(row);
        await keep(tx, result); // without the key, which is not to lie about in the database
        return result;
      });
      shown = key;
      return stored;
    });
    return c.json({ ...made, key: shown }, 201);
  });
}
