import { createIndexes, type Indexes } from '../../capabilities/indexing/index.ts';
import type { Boot } from '../boot.ts';
import { ai, embedder } from './ai.ts';
import { generations, indexStores } from './index-stores.ts';

export async function indexes(boot: Boot): Promise<Indexes> {
  const made = await boot.useAll({ generations, indexStores, ai });
  return createIndexes({
    generations: made.generations,
    stores: made.indexStores,
    ai: made.ai,
    openEmbedder: (embedding) => embedder(boot, embedding),
  });
}
