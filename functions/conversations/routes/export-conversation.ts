import { createRoute, z } from '@hono/zod-openapi';
import { inArray } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import {
  conversationFormats,
  type WriteConversation,
} from '../../../modules/legal/writing/conversation/write-conversation.ts';
import type { WrittenMessage } from '../../../modules/legal/writing/conversation/written-conversation.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { attachment } from '../../../platform/runtime/http/attachment.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findConversation } from '../conversation.ts';
import { readMessages, type ShownMessage } from '../message.ts';

/** Messages of one document. */
const MOST_MESSAGES = 400;
const LONGEST_NAME = 80;

const mediaTypes = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
} as const;
const binary = { schema: z.string().openapi({ format: 'binary' }) };

const route = createRoute({
  method: 'get',
  path: '/api/conversations/{id}/export',
  operationId: 'exportConversation',
  tags: ['conversations'],
  summary: 'A conversation as a document',
  description: `Questions, answers, and every citation as a note with its quote, document, version, dates and page. In the language of Accept-Language; the ${MOST_MESSAGES} newest messages.`,
  security: bearer,
  request: {
    params: idParameter,
    query: z.strictObject({ format: z.enum(conversationFormats).default('docx') }),
  },
  responses: {
    200: {
      content: { [mediaTypes.docx]: binary, [mediaTypes.pdf]: binary },
      description: 'The document',
    },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

interface Deps {
  database: Database;
  writeConversation: WriteConversation;
}

export function exportConversation(router: Router, { database, writeConversation }: Deps): void {
  router.openapi(route, async (c) => {
    const { caller, language } = c.var;
    const { id } = c.req.valid('param');
    const { format } = c.req.valid('query');
    const written = await database.tenant(caller.organizationId, async (tx) => {
      const { title, email: owner } = await findConversation(tx, id, caller);
      const { items, nextCursor } = await readMessages(tx, id, { limit: MOST_MESSAGES });
      const { organizationId, userId: actorId, keyId } = caller;
      await recordAct(tx, { organizationId, actorId, keyId, action: 'export-conversation', target: id });
      const messages = await toWritten(tx, items.toReversed());
      return { title, owner, exportedAt: new Date(), language, messages, isCut: nextCursor !== null };
    });
    const bytes = await writeConversation(written, format);
    const name =
      written.title
        .replaceAll(/[\p{C}/\\:*?"<>|]+/gu, ' ')
        .trim()
        .slice(0, LONGEST_NAME) || 'conversation';
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': mediaTypes[format],
      'content-disposition': attachment(`${name}.${format}`),
    }) as never;
  });
}

/** Messages with what is known of the documents that they cite. */
async function toWritten(tx: Transaction, messages: readonly ShownMessage[]): Promise<WrittenMessage[]> {
  const ids = new Set(messages.flatMap(({ citations }) => citations.map(({ documentId }) => documentId)));
  const columns = {
    id: documents.id,
    version: documents.version,
    dated: documents.dated,
    uploadedAt: documents.createdAt,
  };
  const rows =
    ids.size === 0
      ? []
      : await tx
          .select(columns)
          .from(documents)
          .where(inArray(documents.id, [...ids]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return messages.map(({ role, content, createdAt, incomplete, citations }) => ({
    ...{ role, content, at: new Date(createdAt), isIncomplete: incomplete },
    notes: citations.map(({ documentId, title, page, quote }) => {
      const document = byId.get(documentId);
      return { title, page, quote, ...(document && { document }) };
    }),
  }));
}
