import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import { etag } from 'hono/etag';
import type { Database } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/text',
  operationId: 'getDocumentText',
  tags: ['documents'],
  summary: 'The text that spans count in',
  description: 'Offsets of hits and citations count UTF-16 code units of this text, as JavaScript strings do.',
  security: bearer,
  middleware: etag(),
  request: { params: idParameter },
  responses: {
    200: { content: { 'text/plain': { schema: z.string() } }, description: 'The whole text' },
    304: { description: 'Not modified: the copy named by If-None-Match is current' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function getText(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { organizationId, userId: actorId, keyId } = c.var.caller;
    const row = await database.tenant(organizationId, async (tx) => {
      const [found] = await tx
        .select({ content: documentTexts.content })
        .from(documentTexts)
        .where(eq(documentTexts.documentId, id));
      if (found) await recordAct(tx, { organizationId, actorId, keyId, action: 'download-text', target: id });
      return found;
    });
    if (!row) throw new Problem(notFound);
    return c.text(row.content, 200, { 'cache-control': 'private, no-cache' });
  });
}
