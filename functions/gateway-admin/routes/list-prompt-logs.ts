import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, gt, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { promptLogs } from '../../../db/schema/models/prompt-logs.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const promptSchema = z
  .strictObject({
    id: z.uuid(),
    requestId: z.uuid().openapi({ description: 'The same as of the call in `GET /api/gateway/calls`' }),
    userId: z.uuid().nullable(),
    keyId: z.uuid().nullable(),
    dialect: z.string().openapi({ example: 'chat' }),
    route: z.string(),
    target: z.string().nullable().openapi({ description: 'The target that answered; null when none did' }),
    request: z.string().openapi({ description: 'JSON, redacted' }),
    answer: z.string().nullable().openapi({ description: 'JSON, redacted; of a stream what came of it' }),
    isCut: z.boolean().openapi({ description: 'Something was left out for its length' }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('LoggedPrompt');

const route = createRoute({
  method: 'get',
  path: '/api/gateway/prompt-logs',
  operationId: 'listPromptLogs',
  tags: ['gateway'],
  summary: 'Logged prompts, newest first',
  description: 'For administrators and owners; reading them is written to the audit log.',
  security: bearer,
  request: { query: pageQuery.extend({ requestId: z.uuid().optional() }) },
  responses: {
    200: json(z.strictObject({ items: z.array(promptSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const { order, after } = newestFirst(promptLogs.createdAt, promptLogs.id);

export function listPromptLogs(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId, userId, ...caller } = c.var.caller;
    requireRole(c.var.caller, 'admin');
    const { cursor, limit, requestId } = c.req.valid('query');
    const rows = await database.tenant(organizationId, async (tx) => {
      const details = requestId === undefined ? {} : { requestId };
      await recordAct(tx, {
        organizationId,
        actorId: userId,
        keyId: caller.keyId,
        action: 'list-prompt-logs',
        details,
      });
      return tx
        .select()
        .from(promptLogs)
        .where(
          and(
            gt(promptLogs.expiresAt, sql`now()`),
            requestId === undefined ? undefined : eq(promptLogs.requestId, requestId),
            after(readCursor(cursor)),
          ),
        )
        .orderBy(...order)
        .limit(limit + 1);
    });
    const items = rows.slice(0, limit).map(({ organizationId: _, createdAt, expiresAt, ...prompt }) => ({
      ...prompt,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
