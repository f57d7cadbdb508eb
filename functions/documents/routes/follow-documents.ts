import { createRoute, z } from '@hono/zod-openapi';
import { inArray } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { documentsTopic } from '../../../modules/legal/documents/change.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { overloaded, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearerOf } from '../../../platform/runtime/http/authenticate.ts';
import type { TokenVerifier } from '../../../platform/runtime/http/caller.ts';
import { followMany } from '../../../platform/runtime/http/follow-many.ts';
import { bearer, eventStream, problemSchema, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { documentSchema, shownColumns, toDocument } from '../document.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents/events',
  operationId: 'followDocuments',
  tags: ['documents'],
  summary: 'Follow all documents of your organization',
  description:
    'Server-sent events: `list` says that the list of documents is to be read again, and comes first after each connection; `status` has a document that came or changed as its data, `deleted` the id of one that is gone; `error` a problem document. The stream ends with the access token: connect again with a new one. A request for a WebSocket gets the same as messages `{"event", "data"}`.',
  security: bearer,
  responses: {
    200: { content: eventStream('DocumentsEvents'), description: 'Events' },
    ...problems(unauthenticated),
  },
});

const events = z
  .strictObject({
    list: z.strictObject({}),
    status: documentSchema,
    deleted: z.strictObject({ id: z.uuid() }),
    error: problemSchema,
  })
  .partial();

/** Streams of one person in this process: some tabs and some devices. */
const MOST_OF_PERSON = 20;
const RETRY_SECONDS = 30;

interface Deps {
  database: Database;
  feed: Feed;
  tokens: TokenVerifier;
}

/** @param heartbeat milliseconds between two signs of life, at which the token is looked at as well */
export function followDocuments(router: Router, { database, feed, tokens }: Deps, heartbeat?: number): void {
  router.openAPIRegistry.register('DocumentsEvents', events);
  const open = new Map<string, number>();
  router.openapi(route, async (c) => {
    const { language } = c.var;
    const { organizationId, userId } = c.var.caller;
    const count = open.get(userId) ?? 0;
    if (count >= MOST_OF_PERSON) {
      throw new Problem(overloaded, {
        parameters: { seconds: RETRY_SECONDS },
        headers: { 'retry-after': String(RETRY_SECONDS) },
      });
    }
    const leave = () => {
      const left = (open.get(userId) ?? 1) - 1;
      if (left > 0) open.set(userId, left);
      else open.delete(userId);
    };
    return followMany(c, {
      async subscribe() {
        const changes = await feed.subscribeGroup(documentsTopic, organizationId);
        open.set(userId, (open.get(userId) ?? 0) + 1);
        return {
          next: changes.next,
          [Symbol.dispose]() {
            leave();
            changes[Symbol.dispose]();
          },
        };
      },
      async read(ids) {
        const rows = await database.tenant(organizationId, (tx) =>
          tx
            .select(shownColumns)
            .from(documents)
            .where(inArray(documents.id, [...ids])),
        );
        return rows.map((row) => toDocument(row, language));
      },
      idOf: ({ id }) => id,
      isAllowed: () => isGood(tokens, bearerOf(c)),
      ...(heartbeat !== undefined && { heartbeat }),
    }) as never;
  });
}

/** Whether a credential is still good. @throws what keeps it from being looked at */
async function isGood(tokens: TokenVerifier, credential = ''): Promise<boolean> {
  try {
    await tokens.verify(credential);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.definition === unauthenticated) return false;
    throw error;
  }
}
