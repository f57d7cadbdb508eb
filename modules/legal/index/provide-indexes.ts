import type { Boot } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { embedder, openEmbedder } from '../../models/embedding/provide-embedder.ts';
import { withFirstIndex } from './first-index.ts';
import { createIndexes, type Indexes } from './index.ts';
import { indexSettings } from './provide-index-settings.ts';
import { generations, indexStores } from './provide-index-stores.ts';

export async function indexes(boot: Boot): Promise<Indexes> {
  const made = await boot.useAll({ database, generations, indexStores, embedder, openEmbedder, indexSettings });
  return createIndexes({
    generations: withFirstIndex(made.generations, made.database, made.indexSettings),
    stores: made.indexStores,
    embedder: made.embedder,
    openEmbedder: made.openEmbedder,
  });
}

/** A new database has its first index once this process is ready. */
export async function firstIndex(boot: Boot): Promise<void> {
  const made = await boot.useAll({ database, generations, indexSettings });
  const { live } = withFirstIndex(made.generations, made.database, made.indexSettings);
  boot.onReady(async () => void (await live()));
}
