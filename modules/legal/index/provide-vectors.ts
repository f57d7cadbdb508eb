import type { Boot } from '../../../platform/runtime/boot.ts';
import { createLiveStore } from './index.ts';
import { generations, indexStores } from './provide-index-stores.ts';
import { storeKind } from './provide-store-kind.ts';
import type { VectorStore } from './vectors/index.ts';

/** The store of the index generation that is live at each call; what is removed is removed in all of them. */
export async function vectors(boot: Boot): Promise<VectorStore> {
  const made = await boot.useAll({ generations, indexStores, storeKind });
  return createLiveStore(made.storeKind, made.generations, made.indexStores);
}
