import { and, eq, gte, inArray, lte } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { SearchFilters } from './contract.ts';

/** Ids of the ready documents that the filters let through; undefined when nothing is filtered. */
export async function chooseDocuments(
  tx: Transaction,
  { documentIds, types, languages, datedFrom, datedTo }: SearchFilters,
): Promise<Set<string> | undefined> {
  const filters = [
    documentIds && inArray(documents.id, [...documentIds]),
    types && inArray(documents.type, [...types]),
    languages && inArray(documents.language, [...languages]),
    datedFrom && gte(documents.dated, datedFrom),
    datedTo && lte(documents.dated, datedTo),
  ].filter((filter) => typeof filter === 'object');
  if (filters.length === 0) return undefined;
  const rows = await tx
    .select({ id: documents.id })
    .from(documents)
    .where(and(eq(documents.status, 'ready'), ...filters));
  return new Set(rows.map(({ id }) => id));
}
