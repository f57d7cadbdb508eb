import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { Database } from '../../../db/client.ts';
import type { DocumentFeed } from '../../../platform/capabilities/document-feed/index.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findDocument, toDocument } from '../document.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/events',
  tags: ['documents'],
  summary: 'Follow a document until it is ready or failed',
  description: 'Server-sent events `status`, each with the document as its data; the stream ends with the last one.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { content: { 'text/event-stream': { schema: z.string() } }, description: 'Events' },
    ...problems('invalid-request', 'unauthenticated', 'not-found'),
  },
});

const HEARTBEAT_MS = 15_000;

interface Deps {
  database: Database;
  documentFeed: DocumentFeed;
}

export function followDocument(router: Router, { database, documentFeed }: Deps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { language, caller } = c.var;
    const read = () => database.tenant(caller.organizationId, (tx) => findDocument(tx, id));
    await read(); // a missing document is a 404, not a stream that ends at once

    return streamSSE(
      c,
      async (stream) => {
        let wake = () => {};
        let changed = false;
        const unsubscribe = await documentFeed.subscribe(id, () => {
          changed = true;
          wake();
        });
        stream.onAbort(() => wake());
        try {
          while (!stream.aborted) {
            changed = false;
            const row = await read();
            await stream.writeSSE({ event: 'status', data: JSON.stringify(toDocument(row, language)) });
            if (row.status === 'ready' || row.status === 'failed') return;
            while (!changed && !stream.aborted) {
              const timer = setTimeout(() => wake(), HEARTBEAT_MS);
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
              clearTimeout(timer);
              if (!changed && !stream.aborted) await stream.write(': still here\n\n');
            }
          }
        } finally {
          unsubscribe();
        }
      },
      async (error) => c.var.log.warn({ error }, 'Events ended'),
    ) as never;
  });
}
