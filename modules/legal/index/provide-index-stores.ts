import { CACHE_PREFIX } from '../../../platform/kernel/variables.ts';
import { type Boot, defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { QDRANT_API_KEY, QDRANT_URL, VECTOR_DIR } from '../variables.ts';
import { createGenerations, createIndexStores, type Generations, type IndexStores } from './index.ts';
import { createVectorStore } from './vectors/index.ts';

export async function generations(boot: Boot): Promise<Generations> {
  return createGenerations(await boot.use(database));
}

/** Each generation has a folder, or a Qdrant collection, of its own. */
export const indexStores = defineProvider(
  [QDRANT_URL, QDRANT_API_KEY, VECTOR_DIR, CACHE_PREFIX],
  (boot, settings): IndexStores => {
    const stores = createIndexStores(async ({ generation, store, dimensions }) => {
      if (store === 'qdrant' && settings.QDRANT_URL === undefined) {
        throw new Error(`Open index ${generation}: it is kept in Qdrant, and QDRANT_URL is not set`);
      }
      return createVectorStore({
        qdrantUrl: store === 'qdrant' ? settings.QDRANT_URL : undefined,
        qdrantApiKey: settings.QDRANT_API_KEY,
        qdrantCollection: settings.CACHE_PREFIX,
        directory: settings.VECTOR_DIR,
        dimensions,
        generation,
      });
    });
    boot.onClose(() => stores.close());
    return stores;
  },
);
