import { defineProvider } from '../../../platform/runtime/boot.ts';
import { QDRANT_URL } from '../variables.ts';
import { createLiveStore } from './index.ts';
import { generations, indexStores } from './provide-index-stores.ts';
import type { VectorStore } from './vectors/index.ts';

/** The store of the index generation that is live at each call; what is removed is removed in all of them. */
export const vectors = defineProvider([QDRANT_URL], async (boot, { QDRANT_URL }): Promise<VectorStore> => {
  const made = await boot.useAll({ generations, indexStores });
  return createLiveStore(QDRANT_URL ? 'qdrant' : 'sqlite', made.generations, made.indexStores);
});
