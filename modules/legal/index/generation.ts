import type { indexGenerations } from '../../../db/schema/legal/index-generations.ts';

export type Generation = typeof indexGenerations.$inferSelect;

/** What an index is made by; two generations with the same settings hold the same. */
export type IndexSettings = Pick<Generation, 'chunker' | 'embeddingModel' | 'dimensions' | 'store'>;

const settingNames = ['chunker', 'embeddingModel', 'dimensions', 'store'] as const;

/** In which settings an index is not what is wanted, as `store sqlite → qdrant`; empty when it is up to date. */
export const differences = (index: IndexSettings, wanted: IndexSettings): string[] =>
  settingNames
    .filter((name) => index[name] !== wanted[name])
    .map((name) => `${words[name]} ${index[name]} → ${wanted[name]}`);

const words = {
  chunker: 'chunker',
  embeddingModel: 'embedding model',
  dimensions: 'dimensions',
  store: 'store',
} satisfies Record<keyof IndexSettings, string>;

/** @throws when there is none */
export function requireLive(generations: readonly Generation[]): Generation {
  const live = generations.find(({ state }) => state === 'live');
  if (!live) throw new Error('Find live index: there is none; the worker reindex makes the first');
  return live;
}

/** One that is being made and that no search uses yet. */
export const isBuilding = ({ state }: Pick<Generation, 'state'>): boolean =>
  state === 'building' || state === 'verified';
