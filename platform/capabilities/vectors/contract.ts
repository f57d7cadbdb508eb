/** One chunk as the index keeps it. The text itself stays in PostgreSQL; the index can be rebuilt from there. */
export interface VectorRecord {
  chunkId: string;
  documentId: string;
  /** Text to be found by its words: the chunk behind its document's description. */
  text: string;
  vector: Float32Array;
}

export interface VectorQuery {
  text: string;
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
  count(organizationId: string): Promise<number>;
  /** Rejects when the store cannot answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}
