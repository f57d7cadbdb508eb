import { and, eq, gte, inArray, lte } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { SearchFilters } from './contract.ts';

/** Whether they leave any document out. */
export const isFiltered = (filters: SearchFilters): boolean => Object.values(filters).some(Boolean);

/** Ids of the ready documents that the filters let through. */
export async function chooseDocuments(
  tx: Transaction,
  { documentIds, types, languages, datedFrom, datedTo }: SearchFilters,
): Promise<Set<string>> {
  const rows = await tx
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        eq(documents.status, 'ready'),
        documentIds && inArray(documents.id, [...documentIds]),
        types && inArray(documents.type, [...types]),
        languages && inArray(documents.language, [...languages]),
        datedFrom ? gte(documents.dated, datedFrom) : undefined,
        datedTo ? lte(documents.dated, datedTo) : undefined,
      ),
    );
  return new Set(rows.map(({ id }) => id));
}
