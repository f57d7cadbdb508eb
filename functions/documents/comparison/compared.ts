import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { NamedVersion } from '../../../modules/legal/compare/contract.ts';
import { wrongState } from '../../../modules/legal/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { idParameter } from '../../../platform/runtime/http/operation.ts';

export const comparedIds = idParameter.extend({
  other: idParameter.shape.id.openapi({ param: { name: 'other', in: 'path' }, description: 'The later text' }),
});

/** The texts of two documents. @throws Problem not-found, wrong-state while one of them has no text */
export function readCompared(
  database: Database,
  { organizationId, userId: actorId, keyId }: Caller,
  { id, other }: { id: string; other: string },
  action: 'compare-documents' | 'export-comparison',
): Promise<{ before: NamedVersion; after: NamedVersion }> {
  return database.tenant(organizationId, async (tx) => {
    const [before, after] = [await readText(tx, id), await readText(tx, other)];
    await recordAct(tx, { organizationId, actorId, keyId, action, target: id, details: { other } });
    return { before, after };
  });
}

async function readText(tx: Transaction, id: string): Promise<NamedVersion> {
  const [row] = await tx
    .select({
      text: documentTexts.content,
      title: documents.title,
      version: documents.version,
      createdAt: documents.createdAt,
      status: documents.status,
    })
    .from(documents)
    .leftJoin(documentTexts, eq(documentTexts.documentId, documents.id))
    .where(eq(documents.id, id));
  if (!row) throw new Problem(notFound);
  const { text, title, version, createdAt, status } = row;
  if (text === null) throw new Problem(wrongState, { parameters: { current: status, needed: 'ready' } });
  return { text, title, version, added: createdAt.toISOString().slice(0, 10) };
}

/** Texts never change, so what is compared once stays true. */
export const comparisonTag = (form: string, { id, other }: { id: string; other: string }): string =>
  `"compare-1-${form}-${id}-${other}"`;

const span = z.strictObject({ start: z.int(), end: z.int() }).nullable();
export const spanOf = (description: string) => span.openapi({ description });
