import type { Database } from '../../../db/client.ts';
import type { PlacedChunk } from './choose-units.ts';
import type { RankedChunk } from './rank-chunks.ts';
import { createWordReader, type TextWords } from './read-words.ts';

/** A chunk with what its unit is shown with. */
export interface FoundChunk extends PlacedChunk {
  title: string;
  headingPath: string[];
}

/** The unit's own text and page. */
export interface UnitText {
  text: string;
  words: TextWords;
  page: number | null;
  pageStarts: number[];
}

/** An organization as it is since its ready documents changed last. */
export interface OrganizationState {
  id: string;
  version: number;
}

/**
 * Where the chunks of an index generation stand, and the texts of their units. All of it is kept in this process, as far as there is room,
 * until the organization's ready documents change: nothing of a document that is ready changes by itself.
 */
export interface StoredUnits {
  /** Where ranked chunks stand, in their order. What the database no longer has, or is not ready, is left out. */
  place(organization: OrganizationState, ranked: readonly RankedChunk[]): Promise<FoundChunk[]>;
  /** The texts of units, in their order. */
  read(organization: OrganizationState, units: readonly PlacedChunk[]): Promise<UnitText[]>;
}

/** What is kept of an organization. */
interface Held {
  version: number;
  /** By chunk. */
  places: Map<string, Place>;
  /** By document and start. */
  texts: Map<string, UnitText>;
  /** By document. */
  pages: Map<string, number[]>;
  characters: number;
}
type Place = Omit<FoundChunk, 'documentId' | 'score'>;

/** Of all organizations; of each about 7 bytes, most of them for what is known of the words. */
const mostCharacters = 2_000_000;
/** What a chunk's place counts as. */
const placeCharacters = 100;

export function createStoredUnits(database: Pick<Database, 'tenantStatement'>, generation: number): StoredUnits {
  const readWords = createWordReader();
  /** The least recently used first. */
  const organizations = new Map<string, Held>();
  let characters = 0;

  const forget = (id: string) => {
    characters -= organizations.get(id)?.characters ?? 0;
    organizations.delete(id);
  };
  const of = ({ id, version }: OrganizationState): Held => {
    const before = organizations.get(id);
    if (before && before.version !== version) forget(id);
    const held = organizations.get(id) ?? {
      ...{ version, characters: 0 },
      ...{ places: new Map(), texts: new Map(), pages: new Map() },
    };
    organizations.delete(id);
    organizations.set(id, held);
    return held;
  };
  const count = (id: string, held: Held, added: number) => {
    // Another search may have found a newer version in the meantime.
    if (organizations.get(id) !== held) return;
    held.characters += added;
    characters += added;
    for (const oldest of organizations.keys()) {
      if (characters <= mostCharacters) break;
      forget(oldest);
    }
  };

  return {
    async place(organization, ranked) {
      const held = of(organization);
      const missing = ranked.filter(({ chunkId }) => !held.places.has(chunkId)).map(({ chunkId }) => chunkId);
      if (missing.length > 0) {
        const found = await readPlaces(database, organization.id, missing);
        for (const { id, ...place } of found) held.places.set(id, place);
        count(organization.id, held, found.length * placeCharacters);
      }
      return ranked.flatMap(({ chunkId, documentId, score }) => {
        const place = held.places.get(chunkId);
        return place ? [{ ...place, documentId, score }] : [];
      });
    },
    async read(organization, units) {
      const held = of(organization);
      const missing = units.filter((unit) => !held.texts.has(keyOf(unit)));
      const documentIds = new Set(missing.map(({ documentId }) => documentId));
      const unpaged = [...documentIds].filter((id) => !held.pages.has(id));
      if (unpaged.length > 0) {
        const found = await readPages(database, organization.id, unpaged);
        for (const { documentId, pageStarts } of found) held.pages.set(documentId, pageStarts);
        count(organization.id, held, found.length * placeCharacters);
      }
      const read =
        missing.length > 0
          ? await readTexts(database, organization.id, generation, missing)
          : new Map<string, StoredText>();
      const texts = units.map((unit): UnitText => {
        const key = keyOf(unit);
        const known = held.texts.get(key);
        if (known) return known;
        const { text, page } = read.get(key) ?? { text: '', page: null };
        const words = readWords(text);
        const made = { text, words, page, pageStarts: held.pages.get(unit.documentId) ?? [] };
        if (read.has(key)) {
          held.texts.set(key, made);
          count(organization.id, held, text.length);
        }
        return made;
      });
      return texts;
    },
  };
}

const keyOf = ({ documentId, unitStart }: Pick<PlacedChunk, 'documentId' | 'unitStart'>): string =>
  `${documentId} ${unitStart}`;

/** As the database reads an array of what needs no quotes. */
const arrayOf = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;

type Reads = Pick<Database, 'tenantStatement'>;

const readPlaces = (database: Reads, organizationId: string, chunkIds: readonly string[]) =>
  database.tenantStatement<Place & { id: string }>(
    organizationId,
    `select c.id, c.unit_start as "unitStart", c.unit_end as "unitEnd", c.heading_path as "headingPath", d.title
     from chunks c join documents d on d.id = c.document_id and d.status = 'ready'
     where c.id = any($1::uuid[])`,
    [arrayOf(chunkIds)],
  );

const readPages = (database: Reads, organizationId: string, documentIds: readonly string[]) =>
  database.tenantStatement<{ documentId: string; pageStarts: number[] }>(
    organizationId,
    `select document_id as "documentId", page_starts as "pageStarts" from document_texts where document_id = any($1::uuid[])`,
    [arrayOf(documentIds)],
  );

interface StoredText {
  text: string;
  page: number | null;
}

/** By `keyOf`. */
async function readTexts(
  database: Reads,
  organizationId: string,
  generation: number,
  units: readonly PlacedChunk[],
): Promise<Map<string, StoredText>> {
  const rows = await database.tenantStatement<{ documentId: string; unitStart: number } & StoredText>(
    organizationId,
    `select u.document_id as "documentId", u.unit_start as "unitStart",
       string_agg(c.content, '' order by c.ordinal) as text, (array_agg(c.page order by c.ordinal))[1] as page
     from unnest($1::uuid[], $2::integer[]) as u (document_id, unit_start)
     join chunks c on c.document_id = u.document_id and c.generation = $3::integer and c.unit_start = u.unit_start
     group by 1, 2`,
    [arrayOf(units.map(({ documentId }) => documentId)), arrayOf(units.map(({ unitStart }) => unitStart)), generation],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}
