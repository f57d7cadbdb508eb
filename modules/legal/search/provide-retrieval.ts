import { openOnce } from '../../../platform/kernel/calls/open-once.ts';
import type { Boot } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import type { Generation } from '../index/index.ts';
import { indexes } from '../index/provide-indexes.ts';
import { createRetrieval, type Retrieval } from './index.ts';

/** Each search is done in one generation from beginning to end, the one that is live when it begins. */
export async function retrieval(boot: Boot): Promise<Retrieval> {
  const deps = await boot.useAll({ database, indexes });
  const opened = new Map<number, Promise<Retrieval>>();
  const open = async (generation: Generation): Promise<Retrieval> => {
    const { store, embedder, hasModel } = await deps.indexes.of(generation);
    if (!hasModel) {
      const { embeddingModel: model } = generation;
      boot.log.warn(
        { generation: generation.generation, model },
        'Vector search disabled: the embedding model of the index is unavailable; run pandect reindex',
      );
    }
    return createRetrieval({ database: deps.database, vectors: store, embedder, generation: generation.generation });
  };
  const live = async () => {
    const generation = await deps.indexes.generations.live();
    return openOnce(opened, generation.generation, () => open(generation));
  };
  return {
    find: async (...request) => (await live()).find(...request),
    search: async (...request) => (await live()).search(...request),
  };
}
