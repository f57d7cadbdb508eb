import type { Boot } from '../../../platform/runtime/boot.ts';
import { embedder, openEmbedder } from '../../models/provide-models.ts';
import { createIndexes, type Indexes } from './index.ts';
import { generations, indexStores } from './provide-index-stores.ts';

export async function indexes(boot: Boot): Promise<Indexes> {
  const made = await boot.useAll({ generations, indexStores, embedder, openEmbedder });
  return createIndexes({
    generations: made.generations,
    stores: made.indexStores,
    embedder: made.embedder,
    openEmbedder: made.openEmbedder,
  });
}
