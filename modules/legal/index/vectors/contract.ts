/** One chunk as the index keeps it. The text itself stays in PostgreSQL; the index can be rebuilt from there. */
export interface VectorRecord {
  chunkId: string;
  documentId: string;
  /** The chunk's own text. */
  text: string;
  /** Headings above it, outermost first; their words weigh double. */
  headings?: readonly string[];
  /** What its document is; these words weigh half. */
  description?: string;
  vector: Float32Array;
}

/** The stems by which a chunk is found, those of its text in order. */
export interface ChunkWords {
  text: readonly string[];
  headings: readonly string[];
  description: readonly string[];
}

export interface VectorQuery {
  text: string;
  /** Stems to look for next to the text's own, at less weight. */
  expansions?: readonly string[];
  vector: Float32Array;
  /** Most hits to return. */
  limit: number;
  /** Only these documents; absent: all of the organization. */
  documentIds?: readonly string[];
}

export interface VectorHit {
  chunkId: string;
  documentId: string;
  /** Reciprocal-rank-fused score; only comparable within one answer. */
  score: number;
  /** Cosine with the query's vector, -1 to 1; absent when it is not among the nearest. */
  similarity?: number;
  words: ChunkWords;
}

export interface StemFrequencies {
  /** All chunks of the organization. */
  chunks: number;
  /** Chunks that hold a stem; those that none holds are absent. */
  of: ReadonlyMap<string, number>;
}

/**
 * Hybrid index over the chunks of many organizations: dense vectors and BM25 over stemmed words, fused by reciprocal
 * rank. No call can reach another organization's records.
 */
export interface VectorStore {
  readonly name: 'qdrant' | 'sqlite';
  /** Adds or replaces records by `chunkId`; the same call twice leaves one of each. */
  upsert(organizationId: string, records: readonly VectorRecord[]): Promise<void>;
  removeDocument(organizationId: string, documentId: string): Promise<void>;
  removeOrganization(organizationId: string): Promise<void>;
  /** Best first; empty for an organization that has no records. */
  search(organizationId: string, query: VectorQuery): Promise<VectorHit[]>;
  /** How common stems are in an organization; undefined from a store that cannot tell cheaply. */
  frequencies(organizationId: string, stems: readonly string[]): Promise<StemFrequencies | undefined>;
  count(organizationId: string): Promise<number>;
  /** Organizations whose records are lost since their index was damaged, until `forgetDamaged`. */
  damaged(): Promise<string[]>;
  /** Their records are on their way. */
  forgetDamaged(organizationId: string): Promise<void>;
  /** Rejects when the store cannot answer, or an index is damaged. */
  check(): Promise<void>;
  close(): Promise<void>;
}
