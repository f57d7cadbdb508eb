import { startQdrantServer } from '../../../../testing/qdrant-server.ts';
import { describeVectorStore, dimensions } from '../conformance.ts';
import { createQdrantVectorStore } from './qdrant-store.ts';

/** Tests of several hosts rely on it: it must do what the store needs of a server. */
describeVectorStore('Qdrant as tests have it', async () => {
  const { url, close } = await startQdrantServer();
  return {
    open: () =>
      createQdrantVectorStore({ url, apiKey: undefined, dimensions, collection: 'pandect', timeoutMs: 30_000 }),
    dispose: close,
  };
});
