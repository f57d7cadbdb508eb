import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { documentTopic } from '../../../modules/legal/documents/change.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { follow } from '../../../platform/runtime/http/follow.ts';
import { bearer, eventStream, idParameter, problemSchema, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { documentSchema, findDocument, toDocument } from '../document.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/events',
  operationId: 'followDocument',
  tags: ['documents'],
  summary: 'Follow a document until it is ready or failed',
  description:
    'Server-sent events `status`, each with the document as its data; the stream ends when it is ready, failed or deleted, or with an `error` whose data is a problem document. A request for a WebSocket gets the same as messages `{"event", "data"}`.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { content: eventStream('DocumentEvents'), description: 'Events' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const events = z.strictObject({ status: documentSchema, error: problemSchema }).partial();

interface Deps {
  database: Database;
  feed: Feed;
}

/** @param heartbeat milliseconds between two looks, whether or not a change was heard of */
export function followDocument(router: Router, { database, feed }: Deps, heartbeat?: number): void {
  router.openAPIRegistry.register('DocumentEvents', events);
  router.openapi(route, (c) => {
    const { id } = c.req.valid('param');
    const { language, caller } = c.var;
    return follow(c, {
      subscribe: () => feed.subscribe(documentTopic, id),
      read: async () =>
        toDocument(await database.tenant(caller.organizationId, (tx) => findDocument(tx, id)), language),
      isFinal: ({ status }) => status !== 'queued' && status !== 'processing',
      ...(heartbeat !== undefined && { heartbeat }),
    }) as never;
  });
}
