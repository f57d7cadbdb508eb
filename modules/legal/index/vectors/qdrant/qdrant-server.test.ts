import { randomUUID } from 'node:crypto';
import { describe } from 'vitest';
import { describeVectorStore, dimensions } from '../conformance.ts';

const server = process.env.QDRANT_URL;

describe.skipIf(!server)('a Qdrant server (QDRANT_URL)', () => {
  describeVectorStore('Qdrant', async () => {
    const url = server as string;
    const collection = `conformance-${randomUUID()}`;
    const { createQdrantVectorStore } = await import('./qdrant-store.ts');
    const apiKey = process.env.QDRANT_API_KEY;
    return {
      open: () => createQdrantVectorStore({ url, apiKey, dimensions, collection, timeoutMs: 30_000 }),
      dispose: async () => {
        const address = `${url.replace(/\/$/, '')}/collections/${collection}`;
        await fetch(address, { method: 'DELETE', headers: apiKey ? { 'api-key': apiKey } : {} });
      },
    };
  });
});
