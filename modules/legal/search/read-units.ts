import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/legal/chunks.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { PlacedChunk } from './choose-units.ts';
import type { RankedChunk } from './rank-chunks.ts';

/** A chunk with what its unit is shown with. */
export interface FoundChunk extends PlacedChunk {
  title: string;
  headingPath: string[];
}

/** The unit's own text and page. */
export interface UnitText {
  text: string;
  page: number | null;
  pageStarts: number[];
}

/** Where ranked chunks stand, in their order. What the database no longer has, or is not ready, is left out. */
export async function placeChunks(tx: Transaction, ranked: readonly RankedChunk[]): Promise<FoundChunk[]> {
  if (ranked.length === 0) return [];
  const rows = await tx
    .select({
      id: chunks.id,
      unitStart: chunks.unitStart,
      unitEnd: chunks.unitEnd,
      headingPath: chunks.headingPath,
      title: documents.title,
    })
    .from(chunks)
    .innerJoin(documents, and(eq(documents.id, chunks.documentId), eq(documents.status, 'ready')))
    .where(sql`${chunks.id} = any(${`{${ranked.map(({ chunkId }) => chunkId).join(',')}}`}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ranked.flatMap(({ chunkId, documentId, score }) => {
    const row = byId.get(chunkId);
    if (!row) return [];
    const { id: _, ...place } = row;
    return [{ ...place, documentId, score }];
  });
}

/** The texts of units, in their order. */
export async function readUnits(
  tx: Transaction,
  units: readonly PlacedChunk[],
  generation: number,
): Promise<UnitText[]> {
  if (units.length === 0) return [];
  const rows = await tx
    .select({
      documentId: chunks.documentId,
      unitStart: chunks.unitStart,
      page: chunks.page,
      content: chunks.content,
    })
    .from(chunks)
    .where(
      and(
        eq(chunks.generation, generation),
        or(
          ...units.map(({ documentId, unitStart }) =>
            and(eq(chunks.documentId, documentId), eq(chunks.unitStart, unitStart)),
          ),
        ),
      ),
    )
    .orderBy(asc(chunks.ordinal));
  const pages = await tx
    .select({ documentId: documentTexts.documentId, pageStarts: documentTexts.pageStarts })
    .from(documentTexts)
    .where(inArray(documentTexts.documentId, [...new Set(units.map(({ documentId }) => documentId))]));
  const pageStarts = new Map(pages.map((row) => [row.documentId, row.pageStarts]));
  return units.map(({ documentId, unitStart }) => {
    const own = rows.filter((row) => row.documentId === documentId && row.unitStart === unitStart);
    return {
      text: own.map(({ content }) => content).join(''),
      page: own[0]?.page ?? null,
      pageStarts: pageStarts.get(documentId) ?? [],
    };
  });
}
