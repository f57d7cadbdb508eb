import type { Boot } from '../../../platform/runtime/boot.ts';
import { ai, embedder } from '../../models/provide-ai.ts';
import { createIndexes, type Indexes } from './index.ts';
import { generations, indexStores } from './provide-index-stores.ts';

export async function indexes(boot: Boot): Promise<Indexes> {
  const made = await boot.useAll({ generations, indexStores, ai, embedder });
  return createIndexes({
    generations: made.generations,
    stores: made.indexStores,
    ai: made.ai,
    openEmbedder: made.embedder,
  });
}
