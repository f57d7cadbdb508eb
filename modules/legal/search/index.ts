import type { Database } from '../../../db/client.ts';
import { span } from '../../../platform/kernel/telemetry/tracing.ts';
import type { Embedder } from '../../models/index.ts';
import type { VectorStore } from '../index/vectors/index.ts';
import { legalThesaurus } from '../text/index.ts';
import { chooseDocuments, isFiltered } from './choose-documents.ts';
import { chooseUnits } from './choose-units.ts';
import type { Finding, Passage, Retrieval, SearchRequest } from './contract.ts';
import { type CurrentDocuments, readCurrentDocuments } from './current-documents.ts';
import { createDocumentNames, type NamesHeld } from './document-names.ts';
import { findChunks } from './find-chunks.ts';
import { createHighlighter } from './highlights.ts';
import { replacedDocuments } from './named-documents.ts';
import { documentsThatName } from './party-documents.ts';
import { queryOf } from './query.ts';
import type { RankedChunk } from './rank-chunks.ts';
import { searchScope, wordsOf } from './search-scope.ts';
import { createStoredUnits, type FoundChunk, type OrganizationState, type StoredUnits } from './stored-units.ts';

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
 *
 * What this process knows of the documents is used as it is, and the database asked at the end whether it still holds: most searches ask it
 * nothing else.
 */
export function createRetrieval(deps: RetrievalDeps): Retrieval {
  const { database, generation } = deps;
  const documentNames = createDocumentNames(database);
  const tools = { ...deps, storedUnits: createStoredUnits(database, generation) };
  const find: Retrieval['find'] = (organizationId, request) =>
    span('retrieval.search', { 'pandect.limit': request.limit }, async () => {
      const held = documentNames.held(organizationId);
      const { finding, current } = await findAndCheck(
        tools,
        organizationId,
        request,
        held ?? (await documentNames.read(organizationId)),
      );
      if (current.version === held?.version || !held) return onlyReady(finding, current);
      const again = await findAndCheck(tools, organizationId, request, await documentNames.read(organizationId));
      return onlyReady(again.finding, again.current);
    });
  return { find, search: async (...request) => (await find(...request)).passages };
}

interface Tools extends RetrievalDeps {
  storedUnits: StoredUnits;
}
type FoundPassage = Omit<Passage, 'noticed'>;
type Found = Omit<Finding, 'passages'> & { passages: FoundPassage[] };

async function findAndCheck(tools: Tools, organizationId: string, request: SearchRequest, names: NamesHeld) {
  const finding = await findPassages(tools, organizationId, request, names);
  const documentIds = new Set(finding.passages.map(({ documentId }) => documentId));
  return { finding, current: await readCurrentDocuments(tools.database, organizationId, [...documentIds]) };
}

const onlyReady = ({ passages, ...finding }: Found, { ready }: CurrentDocuments): Finding => ({
  ...finding,
  passages: passages.flatMap((passage) => {
    const noticed = ready.get(passage.documentId);
    return noticed ? [{ ...passage, noticed }] : [];
  }),
});

async function findPassages(
  tools: Tools,
  organizationId: string,
  { question, limit, signal, ...filters }: SearchRequest,
  { version, names, replaced: former }: NamesHeld,
): Promise<Found> {
  const { database, vectors, embedder, storedUnits } = tools;
  const { sought } = question.meaning;
  const allowed = isFiltered(filters)
    ? await database.tenant(organizationId, (tx) => chooseDocuments(tx, filters))
    : undefined;
  const replaced = replacedDocuments(sought.text, former, names, legalThesaurus().isTerm);
  let scope = searchScope(sought, names, allowed);
  if (scope.unknownParties) {
    const { unknownParties: parties, documentIds: among } = scope;
    const documentIds = await documentsThatName({ database, vectors, embedder }, organizationId, parties, among);
    const unknownParties = parties.map(({ written }) => written);
    if (documentIds.length === 0) return { passages: [], naming: '', unknownParties, replaced };
    scope = { documentIds, naming: new Set(wordsOf(parties)), isNamed: true, isExact: true };
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
  const organization = { id: organizationId, version };
  const units = await bestUnits(storedUnits, organization, ranked, { limit, diverse: isWide(scope.documentIds) });
  const texts = await storedUnits.read(organization, units);
  const highlights = createHighlighter(query);
  const passages = units.map(({ documentId, title, unitStart, unitEnd, score, headingPath }, index): FoundPassage => {
    const { text, words, page, pageStarts } = texts[index] as (typeof texts)[0];
    return {
      ...{ documentId, title, page, start: unitStart, end: unitEnd, text, score, headingPath, pageStarts },
      highlights: highlights(words, unitStart),
    };
  });
  return { passages, naming, unknownParties: [], replaced };
}

/** Chunks placed for each unit that is wanted, before all are. */
const forEachUnit = 5;

/** The best units; of the ranked chunks usually the first few decide. */
async function bestUnits(
  { place }: StoredUnits,
  organization: OrganizationState,
  ranked: readonly RankedChunk[],
  { limit, diverse }: { limit: number; diverse: boolean },
): Promise<FoundChunk[]> {
  const first = await place(organization, ranked.slice(0, forEachUnit * limit));
  const units = chooseUnits(first, limit, diverse);
  if (units.length === limit || ranked.length <= forEachUnit * limit) return units;
  return chooseUnits([...first, ...(await place(organization, ranked.slice(forEachUnit * limit)))], limit, diverse);
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
