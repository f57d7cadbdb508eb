import type { VectorHit, VectorRecord, VectorStore } from './contract.ts';

export interface VectorStoreHarness {
  /** Another store on the same records, as another process would have it. */
  open(): VectorStore;
  /** Removes what the stores left behind; the suite has closed them. */
  dispose(): Promise<void>;
}

/** Length of the vectors that the suite uses. */
export const dimensions = 8;

/** A unit vector along one axis. */
export const axis = (index: number): Float32Array =>
  Float32Array.from({ length: dimensions }, (_, component) => (component === index ? 1 : 0));

/** Has no direction, so that a query is answered by words alone. */
export const nowhere = new Float32Array(dimensions);

export const record = (chunkId: string, text: string, vector = axis(0), documentId = 'document-1'): VectorRecord => ({
  chunkId,
  documentId,
  text,
  vector,
});

export const ids = (hits: readonly VectorHit[]): string[] => hits.map(({ chunkId }) => chunkId);
