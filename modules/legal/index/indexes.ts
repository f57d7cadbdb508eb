import { openOnce } from '../../../platform/kernel/open-once.ts';
import type { AiProvider } from '../../models/index.ts';
import type { Generation } from './generation.ts';
import type { Generations } from './generations.ts';
import type { IndexStores } from './live-store.ts';
import type { VectorStore } from './vectors/index.ts';

/** One generation with what it takes to search it and to add to it. */
export interface Index {
  generation: Generation;
  store: VectorStore;
  /** Embeds as the generation's vectors were. */
  ai: AiProvider;
  /**
   * False when the embedding model is not to be had with these settings: vectors then have no direction, and searches
   * go by the words alone.
   */
  hasModel: boolean;
}

export interface Indexes {
  live(): Promise<Index>;
  of(generation: Generation): Promise<Index>;
  generations: Generations;
}

type Embedding = AiProvider['embedding'];

export interface IndexesDeps {
  generations: Generations;
  stores: IndexStores;
  /** The provider that is set up. */
  ai: AiProvider;
  /** The same or another provider with another embedding model; undefined when that model is not to be had. */
  openEmbedder(embedding: Embedding): Promise<AiProvider | undefined>;
}

export function createIndexes({ generations, stores, ai, openEmbedder }: IndexesDeps): Indexes {
  const embedders = new Map<string, Promise<AiProvider | undefined>>();
  const embedderFor = (embedding: Embedding) => {
    if (isSame(embedding, ai.embedding)) return ai;
    return openOnce(embedders, `${embedding.model}/${embedding.dimensions}`, () => openEmbedder(embedding));
  };
  const of = async (generation: Generation): Promise<Index> => {
    const embedding = { model: generation.embeddingModel, dimensions: generation.dimensions };
    const [store, embedder] = await Promise.all([stores.of(generation), embedderFor(embedding)]);
    const embed = embedder ? embedder.embed : withoutDirection(embedding.dimensions);
    return { generation, store, ai: { ...ai, embedding, embed }, hasModel: embedder !== undefined };
  };
  return { generations, of, live: async () => of(await generations.live()) };
}

const isSame = (one: Embedding, other: Embedding) => one.model === other.model && one.dimensions === other.dimensions;

const withoutDirection =
  (dimensions: number): AiProvider['embed'] =>
  async (texts) => ({ vectors: texts.map(() => new Float32Array(dimensions)), tokens: 0 });
