import { accessSync, constants, mkdirSync } from 'node:fs';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { stems } from '../../../text/index.ts';
import { batches } from '../batches.ts';
import { chunkWords } from '../chunk-words.ts';
import type { VectorStore } from '../contract.ts';
import { fuse } from '../fuse.ts';
import { candidatesFor, distinctStems, expansionStems, isVoid } from '../query-bounds.ts';
import { tenantId } from '../tenant-id.ts';
import { hasDirection, unitVector } from '../unit-vector.ts';
import { mostExpansionPostings } from './prune-stems.ts';
import { createSqliteFiles } from './sqlite-files.ts';
import { openSqlite, type SqliteIndex } from './sqlite-index.ts';

export interface SqliteVectorStoreOptions {
  /** Folder of the index files; made when the first record comes. */
  directory: string;
  /** Length of the vectors. */
  dimensions: number;
  /** Most organizations whose files are kept open. */
  openFiles?: number;
}

/** Chunks written in one transaction; short enough that requests served by this thread barely wait. */
const batchSize = 64;

/**
 * The embedded store: one SQLite file per organization, `<directory>/<organizationId>.sqlite`, so that tenants are
 * physically apart and erasing one is removing its file. Several processes may use the folder at once.
 */
export function createSqliteVectorStore({
  directory,
  dimensions,
  openFiles = 32,
}: SqliteVectorStoreOptions): VectorStore {
  const files = createSqliteFiles(directory, dimensions, openFiles);
  return {
    name: 'sqlite',
    async upsert(organizationId, records) {
      const tenant = tenantId(organizationId);
      const vectors = records.map(({ vector, chunkId }) => unitVector(vector, dimensions, `chunk "${chunkId}"`));
      const entries = records.map((record, index) => ({ record, vector: vectors[index] as Float32Array }));
      for (const batch of batches(entries, batchSize)) {
        const chunks = batch.map(({ record, vector }) => ({ ...record, words: chunkWords(record), vector }));
        files.write(tenant, true, (index) => {
          for (const chunk of chunks) index.put(chunk);
        });
        await yieldToOthers();
      }
    },
    async removeDocument(organizationId, documentId) {
      const tenant = tenantId(organizationId);
      for (let removed = batchSize; removed === batchSize; await yieldToOthers()) {
        removed = 0;
        files.write(tenant, false, (index) => {
          removed = index.removeSome(documentId, batchSize);
        });
      }
    },
    async removeOrganization(organizationId) {
      files.remove(tenantId(organizationId));
    },
    async search(organizationId, query) {
      const tenant = tenantId(organizationId);
      const vector = unitVector(query.vector, dimensions, 'the query');
      if (isVoid(query)) return [];
      const own = distinctStems(stems(query.text));
      const expansions = expansionStems(query, own);
      const most = candidatesFor(query);
      const find = (index: SqliteIndex) => {
        const dense = hasDirection(vector) ? index.nearest(vector, most, query.documentIds) : [];
        const similarities = new Map(dense.map(({ number, similarity }) => [number, similarity]));
        const byOwn = index.matching(own, most, query.documentIds);
        const byOthers = index.matching(expansions, most, query.documentIds, mostExpansionPostings);
        return fuse([[...similarities.keys()], byOwn, byOthers], query.limit).map(({ item, score }) => {
          const similarity = similarities.get(item);
          return { ...index.chunk(item), score, ...(similarity !== undefined && { similarity }) };
        });
      };
      return files.read(tenant, (index) => index?.read(() => find(index)) ?? []);
    },
    async frequencies(organizationId, asked) {
      const find = (index: SqliteIndex) => {
        const held = index.counts.of(asked).filter(({ chunks }) => chunks > 0);
        return { chunks: index.counts.chunks(), of: new Map(held.map(({ stem, chunks }) => [stem, chunks])) };
      };
      return files.read(
        tenantId(organizationId),
        (index) => index?.read(() => find(index)) ?? { chunks: 0, of: new Map() },
      );
    },
    count: async (organizationId) =>
      files.read(tenantId(organizationId), (index) => index?.read(() => index.counts.chunks()) ?? 0),
    damaged: async () => files.damaged(),
    async forgetDamaged(organizationId) {
      files.forgetDamaged(tenantId(organizationId));
    },
    async check() {
      mkdirSync(directory, { recursive: true });
      accessSync(directory, constants.R_OK | constants.W_OK);
      openSqlite(':memory:').close();
      const organizationId = files.any();
      if (organizationId !== undefined) files.read(organizationId, (index) => index?.read(() => index.counts.chunks()));
      const [damaged] = files.damaged();
      if (damaged !== undefined)
        throw new Error(`Check vector index of "${damaged}": it was damaged and is built again`);
    },
    async close() {
      files.close();
    },
  };
}
