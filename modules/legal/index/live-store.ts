import { openOnce } from '../../../platform/kernel/calls/open-once.ts';
import type { Generation } from './generation.ts';
import type { Generations } from './generations.ts';
import type { VectorStore } from './vectors/index.ts';

/** Opens the store of a generation. */
export type OpenStore = (generation: Generation) => Promise<VectorStore>;

/** Stores by generation, each opened once in a process. */
export interface IndexStores {
  of(generation: Generation): Promise<VectorStore>;
  close(): Promise<void>;
}

export function createIndexStores(open: OpenStore): IndexStores {
  const stores = new Map<number, Promise<VectorStore>>();
  return {
    of: (generation) => openOnce(stores, generation.generation, () => open(generation)),
    async close() {
      for (const store of stores.values()) await (await store).close();
    },
  };
}

/**
 * The vector store for anyone who does not care about generations: reading and adding happen in the live one, removing in every one that
 * could serve searches, now, after a switch or after a rollback.
 */
export function createLiveStore(name: VectorStore['name'], generations: Generations, stores: IndexStores): VectorStore {
  const live = async () => stores.of(await generations.live());
  const everywhere = async (remove: (store: VectorStore) => Promise<void>) => {
    for (const generation of await generations.list()) await remove(await stores.of(generation));
  };
  return {
    name,
    upsert: async (...records) => (await live()).upsert(...records),
    search: async (...query) => (await live()).search(...query),
    frequencies: async (...query) => (await live()).frequencies(...query),
    count: async (organizationId) => (await live()).count(organizationId),
    damaged: async () => (await live()).damaged(),
    forgetDamaged: async (organizationId) => (await live()).forgetDamaged(organizationId),
    check: async () => (await live()).check(),
    removeDocument: (organizationId, documentId) =>
      everywhere((store) => store.removeDocument(organizationId, documentId)),
    removeOrganization: (organizationId) => everywhere((store) => store.removeOrganization(organizationId)),
    close: () => stores.close(),
  };
}
