import type { VectorStore } from './contract.ts';
import { createSqliteVectorStore } from './sqlite/sqlite-store.ts';

export { fieldWeights, lengthOf, unitKey } from './chunk-words.ts';
export type { ChunkWords, StemFrequencies, VectorHit, VectorQuery, VectorRecord, VectorStore } from './contract.ts';
export { fuse } from './fuse.ts';

export interface VectorStoreOptions {
  /** Qdrant server; without it vectors are kept in SQLite. */
  qdrantUrl?: string | undefined;
  qdrantApiKey?: string | undefined;
  /** Qdrant collection; `pandect` unless told. */
  qdrantCollection?: string | undefined;
  /** Longest wait for one answer of Qdrant, in milliseconds; 10,000 unless told. */
  qdrantTimeoutMs?: number | undefined;
  /** Folder of the SQLite files. */
  directory: string;
  /** Length of the vectors. */
  dimensions: number;
  /** Index generation, which has a folder or a collection of its own. */
  generation?: number;
}

/** The store that the configuration asks for. Nothing is opened, and no server called, before the first use. */
export async function createVectorStore(options: VectorStoreOptions): Promise<VectorStore> {
  const { qdrantUrl, qdrantApiKey, dimensions, generation } = options;
  const own = (name: string, separator: string) => (generation === undefined ? name : name + separator + generation);
  if (qdrantUrl === undefined) return createSqliteVectorStore({ directory: own(options.directory, '/'), dimensions });
  // Processes that use SQLite never load the client.
  const { createQdrantVectorStore } = await import('./qdrant/qdrant-store.ts');
  return createQdrantVectorStore({
    url: qdrantUrl,
    apiKey: qdrantApiKey,
    dimensions,
    collection: own(options.qdrantCollection ?? 'pandect', '-'),
    timeoutMs: options.qdrantTimeoutMs ?? 10_000,
  });
}
