import { DatabaseSync } from 'node:sqlite';
import { fieldWeights } from '../chunk-words.ts';
import type { ChunkWords } from '../contract.ts';
import type { KeptChunks, StoredChunk } from './kept-chunks.ts';
import { pruneStems } from './prune-stems.ts';
import { openStemCounts, type StemCounts, stemCountsSchema } from './stem-counts.ts';
import { type Nearest, openVectorBlocks, vectorBlocksSchema } from './vector-blocks.ts';

/**
 * One organization's index in one SQLite file: `chunks` gives each chunk a number, under which `vectors` (exact
 * search) and `words` (FTS5 over stems, without a copy of the text) hold it. Everything here is synchronous, and
 * every statement's size is bounded, because it runs on the thread that serves requests.
 */

export interface IndexedChunk {
  chunkId: string;
  documentId: string;
  words: ChunkWords;
  /** Of length 1. */
  vector: Float32Array;
}

export interface SqliteIndex {
  /** Runs `work` as the file's only writer; when `isCurrent` denies, nothing is done and false is returned. */
  write(isCurrent: () => boolean, work: () => void): boolean;
  /** Runs `work` on one unchanging state of the file. */
  read<T>(work: () => T): T;
  put(chunk: IndexedChunk): void;
  /** Removes at most `limit` chunks of a document; returns how many. */
  removeSome(documentId: string, limit: number): number;
  /** The nearest chunks, nearest first, with the cosine of their angle to the vector. */
  nearest(vector: Float32Array, limit: number, documentIds?: readonly string[]): Nearest[];
  /** Numbers of the chunks that hold any of the stems, best BM25 first. @param most postings read, see `pruneStems` */
  matching(stems: readonly string[], limit: number, documentIds?: readonly string[], most?: number): number[];
  chunk(number: number): StoredChunk;
  /** Within `read`, as `chunk`. */
  counts: Pick<StemCounts, 'chunks' | 'of'>;
  close(): void;
}

const format = 3;
/** Longest wait for another process to finish its write. */
const busyMilliseconds = 5_000;

const schema = (dimensions: number) => `
  CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, chunk_id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,
    stems TEXT NOT NULL, headings TEXT NOT NULL, description TEXT NOT NULL
  );
  CREATE INDEX chunks_by_document ON chunks (document_id);
  ${vectorBlocksSchema}
  CREATE VIRTUAL TABLE words USING fts5(
    stems, headings, description, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 tokenchars './-'"
  );
  INSERT INTO words (words, rank)
    VALUES ('rank', 'bm25(${fieldWeights.text}, ${fieldWeights.headings}, ${fieldWeights.description})');
  ${stemCountsSchema}
  CREATE TABLE properties (dimensions INTEGER NOT NULL);
  INSERT INTO properties VALUES (${dimensions});
  PRAGMA user_version = ${format};`;

export function openSqlite(file: string): DatabaseSync {
  return new DatabaseSync(file, { timeout: busyMilliseconds });
}

/**
 * Opens an index file and makes it when it is missing.
 * @param kept is closed with it
 * @throws when it is damaged, of another format or holds vectors of another length
 */
export function openSqliteIndex(file: string, dimensions: number, kept: KeptChunks): SqliteIndex {
  let db: DatabaseSync | undefined;
  try {
    db = openSqlite(file);
    prepare(db, dimensions);
    return operations(db, file, dimensions, kept);
  } catch (error) {
    db?.close();
    kept.close();
    throw failure('Open', file, error);
  }
}

const failure = (action: string, file: string, cause: unknown): Error =>
  new Error(`${action} vector index "${file}": ${(cause as Error).message}`, { cause });

function prepare(db: DatabaseSync, dimensions: number): void {
  // Vectors are read in large blobs: larger pages than the usual 4096 bytes make the search a fifth faster.
  db.exec('PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA cache_size = -2048');
  const version = db.prepare('PRAGMA user_version').get()?.user_version;
  if (version === 0) db.exec(`BEGIN IMMEDIATE; ${schema(dimensions)} COMMIT`);
  else if (version !== format) throw new Error(`it has format ${version}, not ${format}; build it again`);
  const held = db.prepare('SELECT dimensions FROM properties').get()?.dimensions;
  if (held !== dimensions) throw new Error(`it holds vectors of ${held} dimensions, not ${dimensions}; build it again`);
}

const ofDocuments = 'SELECT number FROM chunks WHERE document_id IN (SELECT value FROM json_each(?))';

function operations(db: DatabaseSync, file: string, dimensions: number, kept: KeptChunks): SqliteIndex {
  const number = db.prepare('SELECT number FROM chunks WHERE chunk_id = ?');
  const chunk = openChunks(db, kept);
  const addChunk = db.prepare(
    'INSERT INTO chunks (chunk_id, document_id, stems, headings, description) VALUES (?, ?, ?, ?, ?)',
  );
  const changeChunk = db.prepare(
    'UPDATE chunks SET document_id = ?, stems = ?, headings = ?, description = ? WHERE number = ?',
  );
  const vectors = openVectorBlocks(db, dimensions);
  const putWords = db.prepare('INSERT OR REPLACE INTO words (rowid, stems, headings, description) VALUES (?, ?, ?, ?)');
  const ofDocument = db.prepare('SELECT number FROM chunks WHERE document_id = ? LIMIT ?');
  const removals = ['words WHERE rowid', 'chunks WHERE number'].map((where) => db.prepare(`DELETE FROM ${where} = ?`));
  const counts = openStemCounts(db);
  const numbersOf = db.prepare(ofDocuments);
  // The plus before `rowid` keeps SQLite from searching the words once for every number of the documents, the one before
  // `rank` from sorting all that is found for the few that are wanted.
  const matching = (filter: string) =>
    `SELECT rowid AS number FROM words WHERE words MATCH ? ${filter} ORDER BY +rank LIMIT ?`;
  const matchingOfAll = db.prepare(matching(''));
  const matchingOfSome = db.prepare(matching(`AND +rowid IN (${ofDocuments})`));
  const forgetOutdated = onChange(db, () => {
    counts.forget();
    kept.forget();
  });
  const numbers = (rows: Record<string, unknown>[]) => rows.map((row) => row.number as number);

  const transaction = <T>(action: 'Read' | 'Write', work: () => T): T => {
    try {
      db.exec(action === 'Read' ? 'BEGIN' : 'BEGIN IMMEDIATE');
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw failure(action, file, error);
    }
  };

  return {
    write: (isCurrent, work) =>
      transaction('Write', () => {
        const current = isCurrent();
        if (current) work();
        return current;
      }),
    read: (work) =>
      transaction('Read', () => {
        forgetOutdated();
        return work();
      }),
    put({ chunkId, documentId, words, vector }) {
      const held = number.get(chunkId)?.number as number | undefined;
      const fields = [words.text, words.headings, words.description].map((stems) => stems.join(' '));
      const rowid = BigInt(held ?? addChunk.run(chunkId, documentId, ...fields).lastInsertRowid);
      if (held !== undefined) changeChunk.run(documentId, ...fields, rowid);
      vectors.set(Number(rowid), vector);
      putWords.run(rowid, ...fields);
    },
    removeSome(documentId, limit) {
      const found = numbers(ofDocument.all(documentId, limit));
      for (const one of found) {
        vectors.remove(one);
        for (const removal of removals) removal.run(BigInt(one));
      }
      return found.length;
    },
    nearest: (vector, limit, documentIds) =>
      vectors.nearest(vector, limit, documentIds && new Set(numbers(numbersOf.all(JSON.stringify(documentIds))))),
    matching(stems, limit, documentIds, most) {
      const worth = pruneStems(counts.of(stems), counts.chunks(), most);
      if (worth.length === 0) return [];
      // Each stem is a quoted string, and a stem holds no quotes: nothing of it can be read as an operator.
      const query = worth.map((stem) => `"${stem}"`).join(' OR ');
      return numbers(
        documentIds ? matchingOfSome.all(query, JSON.stringify(documentIds), limit) : matchingOfAll.all(query, limit),
      );
    },
    chunk,
    counts,
    close() {
      kept.close();
      db.close();
    },
  };
}

function openChunks(db: DatabaseSync, kept: KeptChunks): SqliteIndex['chunk'] {
  const select = db.prepare(
    `SELECT chunk_id AS chunkId, document_id AS documentId, stems, headings, description FROM chunks WHERE number = ?`,
  );
  return (number) =>
    kept.get(number, (split) => {
      const row = select.get(number) as unknown as Record<
        'chunkId' | 'documentId' | 'stems' | 'headings' | 'description',
        string
      >;
      const { chunkId, documentId, stems, headings, description } = row;
      const words = { text: split(stems), headings: split(headings), description: split(description) };
      return { chunkId, documentId, words };
    });
}

/** Calls `forget` when the file is another one than when it was looked at last; to be asked within a transaction. */
function onChange(db: DatabaseSync, forget: () => void): () => void {
  // The first part changes with what other connections write, the second with what this one does.
  const writes = db.prepare("SELECT data_version || ' ' || total_changes() AS state FROM pragma_data_version");
  let state: unknown;
  return () => {
    const now = writes.get()?.state;
    if (now !== state) forget();
    state = now;
  };
}
