import type { Database, Transaction } from '../../../db/client.ts';
import { span } from '../../../platform/kernel/telemetry/tracing.ts';
import type { Embedder } from '../../models/index.ts';
import type { VectorStore } from '../index/vectors/index.ts';
import { legalThesaurus } from '../text/index.ts';
import { chooseDocuments } from './choose-documents.ts';
import { chooseUnits } from './choose-units.ts';
import type { Passage, Retrieval } from './contract.ts';
import { createDocumentNames } from './document-names.ts';
import { findChunks } from './find-chunks.ts';
import { createStemCache, highlights } from './highlights.ts';
import { replacedDocuments } from './named-documents.ts';
import { documentsThatName } from './party-documents.ts';
import { queryOf } from './query.ts';
import type { RankedChunk } from './rank-chunks.ts';
import { type FoundChunk, placeChunks, readUnits } from './read-units.ts';
import { searchScope, wordsOf } from './search-scope.ts';

export type { Finding, Passage, Retrieval } from './contract.ts';

export interface RetrievalDeps {
  database: Database;
  vectors: VectorStore;
  embedder: Embedder;
  /** The index generation that `vectors` holds. */
  generation: number;
}

/**
 * Finds articles and clauses: what a question means is looked for in the documents that it names or in all, its candidates
 * ranked by words and vectors, and their units returned.
 */
export function createRetrieval({ database, vectors, embedder, generation }: RetrievalDeps): Retrieval {
  const documentNames = createDocumentNames();
  const stemsOf = createStemCache();
  const find: Retrieval['find'] = (organizationId, { question, limit, signal, ...filters }) =>
    span('retrieval.search', { 'pandect.limit': limit }, async () => {
      const { sought } = question.meaning;
      const {
        names,
        replaced: former,
        allowed,
      } = await database.tenant(organizationId, async (tx) => ({
        allowed: await chooseDocuments(tx, filters),
        ...(await documentNames.of(tx, organizationId)),
      }));
      const replaced = replacedDocuments(sought.text, former, names, legalThesaurus().isTerm);
      let scope = searchScope(sought, names, allowed);
      if (scope.unknownParties) {
        const documentIds = await documentsThatName(
          { database, vectors, embedder },
          organizationId,
          scope.unknownParties,
          scope.documentIds,
        );
        const unknownParties = scope.unknownParties.map(({ written }) => written);
        if (documentIds.length === 0) return { passages: [], naming: '', unknownParties, replaced };
        scope = { documentIds, naming: new Set(wordsOf(scope.unknownParties)), isNamed: true, isExact: true };
      }
      const query = queryOf(sought, scope.naming);
      let embedded: ReturnType<Embedder['embed']> | undefined;
      const vector = async () => {
        embedded ??= embedder.embed([query.text], 'query', signal);
        return (await embedded).vectors[0] as Float32Array;
      };
      const look = (documentIds: readonly string[] | undefined, isNamed: boolean) =>
        findChunks({ vectors, embedder }, organizationId, { query, documentIds, isNamed, limit, vector });
      const found = await look(scope.documentIds, scope.isNamed);
      const isShort = scope.isNamed && !scope.isExact && found.length < limit;
      const others = isShort ? await look(allowed && [...allowed], false) : [];
      const ranked = putBehind(found, others);
      const naming = scope.isExact ? sought.parties.map(({ written }) => written).join(' ') : '';
      if (ranked.length === 0) return { passages: [], naming, unknownParties: [], replaced };
      const passages = await database.tenant(organizationId, async (tx) => {
        const units = await bestUnits(tx, ranked, limit, isWide(scope.documentIds));
        const texts = await readUnits(tx, units, generation);
        return units.map(({ documentId, title, unitStart, unitEnd, score, headingPath }, index): Passage => {
          const { text, page, pageStarts } = texts[index] as (typeof texts)[0];
          return {
            ...{ documentId, title, page, start: unitStart, end: unitEnd, text, score, headingPath, pageStarts },
            highlights: highlights(text, unitStart, query, stemsOf),
          };
        });
      });
      return { passages, naming, unknownParties: [], replaced };
    });
  return { find, search: async (...request) => (await find(...request)).passages };
}

/** Chunks placed for each unit that is wanted, before all are. */
const forEachUnit = 5;

/** The best units; of the ranked chunks usually the first few decide. */
async function bestUnits(
  tx: Transaction,
  ranked: readonly RankedChunk[],
  limit: number,
  diverse: boolean,
): Promise<FoundChunk[]> {
  const first = await placeChunks(tx, ranked.slice(0, forEachUnit * limit));
  const units = chooseUnits(first, limit, diverse);
  if (units.length === limit || ranked.length <= forEachUnit * limit) return units;
  return chooseUnits([...first, ...(await placeChunks(tx, ranked.slice(forEachUnit * limit)))], limit, diverse);
}

/** The others, without those that are there, where no score of theirs is higher. */
function putBehind(found: readonly RankedChunk[], others: readonly RankedChunk[]): RankedChunk[] {
  const known = new Set(found.map(({ chunkId }) => chunkId));
  const last = found.at(-1)?.score ?? Number.POSITIVE_INFINITY;
  const behind = others.filter(({ chunkId }) => !known.has(chunkId));
  return [...found, ...behind.map((chunk) => ({ ...chunk, score: Math.min(chunk.score, last) }))];
}

/** Documents beyond which the first places are shared out among them. */
const few = 5;
const isWide = (documentIds: readonly string[] | undefined) => documentIds === undefined || documentIds.length > few;
