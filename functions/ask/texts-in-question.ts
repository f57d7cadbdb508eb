import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { documentTexts } from '../../db/schema/legal/document-texts.ts';
import { documents } from '../../db/schema/legal/documents.ts';

/** What is found lies in the first ones, and longer texts take too long to look through. */
const mostDocuments = 3;
const longestText = 1_000_000;

/**
 * Titles and whole texts of the documents that a question is about: the first of the given ones, else the only one there
 * is. Empty where that is not clear, or a text is too long.
 */
export const textsInQuestion = (
  database: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<{ title: string; text: string }[]> =>
  database.tenant(organizationId, async (tx) => {
    const named = ids.slice(0, mostDocuments);
    const found = await tx
      .select({ id: documents.id, title: documents.title, length: sql<number>`length(${documentTexts.content})` })
      .from(documents)
      .innerJoin(documentTexts, eq(documentTexts.documentId, documents.id))
      .where(and(eq(documents.status, 'ready'), named.length > 0 ? inArray(documents.id, named) : undefined))
      .limit(named.length || 2);
    const isClear = found.length === 1 || found.length === named.length;
    if (!isClear || found.some(({ length }) => length > longestText)) return [];
    const texts = await tx
      .select({ id: documentTexts.documentId, text: documentTexts.content })
      .from(documentTexts)
      .where(
        inArray(
          documentTexts.documentId,
          found.map(({ id }) => id),
        ),
      );
    return found.map(({ id, title }) => ({ title, text: texts.find((each) => each.id === id)?.text ?? '' }));
  });
