import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { documents } from '../../../db/schema/legal/documents.ts';

/** What is found lies in the first ones. */
const mostNamed = 3;
const mostUnnamed = 20;
/** Characters of all of them; more take too long to look through. */
const mostText = 1_000_000;

/**
 * Titles and whole texts of the documents that a question is about: the first of the given ones, else the newest ones there
 * are. Empty where one of the given is not ready or too long; of the others those are left out.
 */
export const textsInQuestion = (
  database: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<{ title: string; text: string }[]> =>
  database.tenant(organizationId, async (tx) => {
    const named = ids.slice(0, mostNamed);
    const ready = await tx
      .select({ id: documents.id, title: documents.title, length: sql<number>`length(${documentTexts.content})` })
      .from(documents)
      .innerJoin(documentTexts, eq(documentTexts.documentId, documents.id))
      .where(and(eq(documents.status, 'ready'), named.length > 0 ? inArray(documents.id, named) : undefined))
      .orderBy(desc(documents.createdAt))
      .limit(named.length || mostUnnamed);
    let left = mostText;
    const found = ready.filter(({ length }) => {
      if (length > left) return false;
      if (named.length === 0) left -= length;
      return true;
    });
    if (found.length === 0 || (named.length > 0 && found.length < named.length)) return [];
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
