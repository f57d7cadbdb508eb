import { createLiveStore } from '../../capabilities/indexing/index.ts';
import type { VectorStore } from '../../capabilities/vectors/index.ts';
import type { Boot } from '../boot.ts';
import { generations, indexStores } from './index-stores.ts';

/** The store of the index generation that is live at each call; what is removed is removed in all of them. */
export async function vectors(boot: Boot): Promise<VectorStore> {
  const { QDRANT_URL } = boot.environment('QDRANT_URL');
  const made = await boot.useAll({ generations, indexStores });
  return createLiveStore(QDRANT_URL ? 'qdrant' : 'sqlite', made.generations, made.indexStores);
}
