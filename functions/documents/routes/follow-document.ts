import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { Database } from '../../../db/client.ts';
import type { DocumentFeed } from '../../../modules/legal/documents/document-feed.ts';
import { toProblemDocument } from '../../../platform/kernel/problem.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { toProblem } from '../../../platform/runtime/http/to-problem.ts';
import { findDocument, toDocument } from '../document.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/events',
  tags: ['documents'],
  summary: 'Follow a document until it is ready or failed',
  description:
    'Server-sent events `status`, each with the document as its data; the stream ends when it is ready, failed or deleted, or with an `error` whose data is a problem document.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { content: { 'text/event-stream': { schema: z.string() } }, description: 'Events' },
    ...problems('invalid-request', 'unauthenticated', 'not-found'),
  },
});

interface Deps {
  database: Database;
  documentFeed: DocumentFeed;
}

/** @param heartbeat milliseconds between two looks, whether or not a change was heard of */
export function followDocument(router: Router, { database, documentFeed }: Deps, heartbeat = 15_000): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { language, caller } = c.var;
    const read = () => database.tenant(caller.organizationId, (tx) => findDocument(tx, id));
    await read(); // a missing document is a 404, not a stream that ends at once

    return streamSSE(c, async (stream) => {
      let changed = false;
      let wake = () => {};
      const onChange = () => {
        changed = true;
        wake();
      };
      stream.onAbort(onChange);
      let unsubscribe = () => {};
      try {
        unsubscribe = await documentFeed.subscribe(id, onChange);
        let sent = '';
        while (!stream.aborted) {
          changed = false;
          const row = await read();
          const data = JSON.stringify(toDocument(row, language));
          await (data === sent ? stream.write(': still here\n\n') : stream.writeSSE({ event: 'status', data }));
          if (row.status !== 'queued' && row.status !== 'processing') return;
          sent = data;
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, heartbeat);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
            if (changed) wake();
          });
        }
      } catch (error) {
        const problem = toProblem(error);
        if (problem.type === 'not-found') return; // deleted: there is nothing more to follow
        c.var.log.error({ error, problem: problem.type }, 'Events broke off');
        const data = JSON.stringify(toProblemDocument(problem, language, c.var.requestId));
        await stream.writeSSE({ event: 'error', data });
      } finally {
        unsubscribe();
      }
    }) as never;
  });
}
