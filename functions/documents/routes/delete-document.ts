import { createRoute } from '@hono/zod-openapi';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { lockPlan, releaseDocument } from '../../../modules/commerce/metering/index.ts';
import { announceChange } from '../../../modules/legal/documents/document-feed.ts';
import { eraseDocumentJob } from '../../../modules/legal/documents/jobs.ts';
import { forgetReplaced } from '../../../modules/legal/documents/versions.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findDocument } from '../document.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/documents/{id}',
  tags: ['documents'],
  summary: 'Delete a document',
  description:
    'Text and passages are gone with the answer; index entries follow within moments. The file itself is kept for the days that the operator has set, so that a restored database finds it.',
  security: bearer,
  request: { params: idParameter },
  responses: { 204: { description: 'Deleted' }, ...problems('invalid-request', 'unauthenticated', 'not-found') },
});

export function deleteDocument(router: Router, { database, queue }: { database: Database; queue: Queue }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    const { id } = c.req.valid('param');
    const { organizationId } = caller;
    await database.tenant(organizationId, async (tx) => {
      // First the organization, then the document, as uploads do: the other way round the two could wait for each other.
      await lockPlan(tx, organizationId);
      const { bytes, storageKey, title } = await findDocument(tx, id);
      const deleted = await tx.delete(documents).where(eq(documents.id, id)).returning();
      if (deleted.length === 0) return; // another request was quicker
      const act = { action: 'delete-document', target: id, details: { title, bytes } };
      await recordAct(tx, { organizationId, actorId: caller.userId, keyId: caller.keyId, ...act });
      await forgetReplaced(tx, id);
      await releaseDocument(tx, organizationId, bytes);
      await tx
        .update(organizations)
        .set({ documentsVersion: sql`${organizations.documentsVersion} + 1` })
        .where(eq(organizations.id, organizationId));
      await announceChange(tx, id);
      await queue.send(tx, eraseDocumentJob, { kind: 'erase-document', organizationId, documentId: id, storageKey });
    });
    return c.body(null, 204);
  });
}
