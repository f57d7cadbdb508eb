import type { DatabaseSync } from 'node:sqlite';

/**
 * Vectors in plain rows of 32, searched exactly by this thread. Rows of one vector each would spend most of a search on
 * stepping from row to row, larger ones most of a write on copying. An extension that does the same inside of SQLite
 * is a third quicker, but Node loads none into a process whose access to files is confined.
 */
export interface VectorBlocks {
  /** @param vector of length 1, which makes the order of scalar products that of distances */
  set(number: number, vector: Float32Array): void;
  remove(number: number): void;
  /** The nearest vectors, nearest first; `among` restricts the search. */
  nearest(vector: Float32Array, limit: number, among?: ReadonlySet<number>): Nearest[];
}

export interface Nearest {
  number: number;
  /** Cosine of the angle between the vectors. */
  similarity: number;
}

const perBlock = 32;
/** Marks a place without a vector: no comparison with a score made of it is true. */
const vacant = Number.NaN;

export const vectorBlocksSchema = 'CREATE TABLE vectors (block INTEGER PRIMARY KEY, embeddings BLOB NOT NULL);';

export function openVectorBlocks(db: DatabaseSync, dimensions: number): VectorBlocks {
  const read = db.prepare('SELECT block, embeddings FROM vectors WHERE block = ?');
  const write = db.prepare('INSERT OR REPLACE INTO vectors (block, embeddings) VALUES (?, ?)');
  const readAll = db.prepare('SELECT block, embeddings FROM vectors');
  const readSome = db.prepare('SELECT block, embeddings FROM vectors WHERE block IN (SELECT value FROM json_each(?))');
  const empty = () => new Float32Array(perBlock * dimensions).fill(vacant);

  const change = (number: number, edit: (place: Float32Array) => void) => {
    const block = Math.floor(number / perBlock);
    const row = read.get(block);
    const embeddings = row ? floats(row.embeddings as Uint8Array) : empty();
    const start = (number % perBlock) * dimensions;
    edit(embeddings.subarray(start, start + dimensions));
    write.run(block, new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength));
  };

  return {
    set: (number, vector) => change(number, (place) => place.set(vector)),
    remove: (number) => change(number, (place) => place.fill(vacant)),
    nearest(vector, limit, among) {
      const best = createBest(limit);
      const blocks = among && [...new Set([...among].map((number) => Math.floor(number / perBlock)))];
      for (const row of blocks ? readSome.iterate(JSON.stringify(blocks)) : readAll.iterate()) {
        const embeddings = floats(row.embeddings as Uint8Array);
        const first = (row.block as number) * perBlock;
        for (let place = 0; place < perBlock; place++) {
          if (among && !among.has(first + place)) continue;
          best.offer(first + place, product(embeddings, place * dimensions, vector));
        }
      }
      return best.all();
    },
  };
}

const floats = (bytes: Uint8Array) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);

/** Four sums at once: each addition need not wait for the one before. */
function product(embeddings: Float32Array, start: number, vector: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = vector.length - (vector.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += (embeddings[start + i] as number) * (vector[i] as number);
    b += (embeddings[start + i + 1] as number) * (vector[i + 1] as number);
    c += (embeddings[start + i + 2] as number) * (vector[i + 2] as number);
    d += (embeddings[start + i + 3] as number) * (vector[i + 3] as number);
  }
  for (let i = whole; i < vector.length; i++) a += (embeddings[start + i] as number) * (vector[i] as number);
  return a + b + c + d;
}

/** The highest scores among those offered. */
function createBest(limit: number) {
  const held: Nearest[] = [];
  let lowest = Number.NEGATIVE_INFINITY;
  return {
    offer(number: number, similarity: number) {
      if (!(similarity > lowest)) return;
      held.push({ number, similarity });
      if (held.length < 2 * limit) return;
      held.sort((a, b) => b.similarity - a.similarity).length = limit;
      lowest = (held[limit - 1] as Nearest).similarity;
    },
    all: () => held.sort((a, b) => b.similarity - a.similarity).slice(0, limit),
  };
}
