import { openOnce } from '../../../platform/kernel/calls/open-once.ts';
import type { Embedder } from '../../models/index.ts';
import type { Generation } from './generation.ts';
import type { Generations } from './generations.ts';
import type { IndexStores } from './live-store.ts';
import type { VectorStore } from './vectors/index.ts';

/** One generation with what it takes to search it and to add to it. */
export interface Index {
  generation: Generation;
  store: VectorStore;
  /** Embeds as the generation's vectors were. */
  embedder: Embedder;
  /**
   * False when the embedding model is unavailable with these settings: vectors then have no direction, and searches
   * go by the words alone.
   */
  hasModel: boolean;
}

export interface Indexes {
  live(): Promise<Index>;
  of(generation: Generation): Promise<Index>;
  generations: Generations;
}

type Embedding = Pick<Embedder, 'id' | 'dimensions'>;

export interface IndexesDeps {
  generations: Generations;
  stores: IndexStores;
  /** What the settings ask for. */
  embedder: Embedder;
  /** One with another model; undefined when that model is unavailable. */
  openEmbedder(embedding: Embedding): Promise<Embedder | undefined>;
}

export function createIndexes({ generations, stores, embedder: configured, openEmbedder }: IndexesDeps): Indexes {
  const embedders = new Map<string, Promise<Embedder | undefined>>();
  const embedderFor = (embedding: Embedding) => {
    if (isSame(embedding, configured)) return configured;
    return openOnce(embedders, `${embedding.id}/${embedding.dimensions}`, () => openEmbedder(embedding));
  };
  const of = async (generation: Generation): Promise<Index> => {
    const embedding = { id: generation.embeddingModel, dimensions: generation.dimensions };
    const [store, embedder] = await Promise.all([stores.of(generation), embedderFor(embedding)]);
    return { generation, store, embedder: embedder ?? withoutDirection(embedding), hasModel: embedder !== undefined };
  };
  return { generations, of, live: async () => of(await generations.live()) };
}

const isSame = (one: Embedding, other: Embedding) => one.id === other.id && one.dimensions === other.dimensions;

const withoutDirection = ({ id, dimensions }: Embedding): Embedder => ({
  id,
  dimensions,
  lexical: true,
  embed: async (texts) => ({ vectors: texts.map(() => new Float32Array(dimensions)), tokens: 0 }),
});
