import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/chunks.ts';
import { documentTexts } from '../../../db/schema/document-texts.ts';
import { documents } from '../../../db/schema/documents.ts';
import { span } from '../../kernel/telemetry/tracing.ts';
import type { AiProvider } from '../ai/index.ts';
import type { VectorStore } from '../vectors/index.ts';

/** A stretch of a document that fits a query. `text` is the document's stored text from `start` to `end`. */
export interface Passage {
  documentId: string;
  title: string;
  /** From 1; null for formats without pages. */
  page: number | null;
  start: number;
  end: number;
  text: string;
  /** Higher is better; only comparable within one answer. */
  score: number;
  headingPath: string[];
  /** Where the pages of the whole document start. */
  pageStarts: number[];
}

export interface SearchRequest {
  query: string;
  limit: number;
  documentIds?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
}

export interface Retrieval {
  /** Passages of one organization's ready documents, best first. */
  search(organizationId: string, request: SearchRequest): Promise<Passage[]>;
}

export function createRetrieval(deps: { database: Database; vectors: VectorStore; ai: AiProvider }): Retrieval {
  const { database, vectors, ai } = deps;
  return {
    search: (organizationId, { query, limit, documentIds, signal }) =>
      span('retrieval.search', { 'pandect.limit': limit }, async () => {
        const embedded = await ai.embed([query], 'query', signal);
        const hits = await vectors.search(organizationId, {
          text: query,
          vector: embedded.vectors[0] as Float32Array,
          limit,
          ...(documentIds && { documentIds }),
        });
        if (hits.length === 0) return [];
        const rows = await database.tenant(organizationId, (tx) =>
          tx
            .select({ chunk: chunks, title: documents.title, pageStarts: documentTexts.pageStarts })
            .from(chunks)
            .innerJoin(documents, eq(documents.id, chunks.documentId))
            .innerJoin(documentTexts, eq(documentTexts.documentId, chunks.documentId))
            .where(
              and(
                eq(documents.status, 'ready'),
                inArray(
                  chunks.id,
                  hits.map((hit) => hit.chunkId),
                ),
              ),
            ),
        );
        // The index may still name what the database no longer has; the database decides.
        const byId = new Map(rows.map((row) => [row.chunk.id, row]));
        return hits.flatMap((hit): Passage[] => {
          const row = byId.get(hit.chunkId);
          if (!row) return [];
          const { documentId, page, start, end, content, headingPath } = row.chunk;
          const { title, pageStarts } = row;
          return [{ documentId, title, page, start, end, text: content, score: hit.score, headingPath, pageStarts }];
        });
      }),
  };
}
