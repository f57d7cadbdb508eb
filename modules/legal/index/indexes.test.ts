import { expect, it } from 'vitest';
import type { Embedder } from '../../models/index.ts';
import { createLocalEmbedder } from '../../models/providers/local/embedder.ts';
import type { Generation } from './generation.ts';
import { createIndexes, type IndexesDeps } from './indexes.ts';

const remote: Embedder = {
  id: 'remote-model',
  dimensions: 8,
  lexical: false,
  embed: () => Promise.reject(new Error('Embed: nothing may be sent')),
};
const generation = (embeddingModel: string) => ({ generation: 1, embeddingModel, dimensions: 8 }) as Generation;

function indexesWith(openEmbedder: IndexesDeps['openEmbedder']) {
  const stores = { of: async () => ({}) } as unknown as IndexesDeps['stores'];
  return createIndexes({ generations: {} as IndexesDeps['generations'], stores, embedder: remote, openEmbedder });
}

it('an index of words stays one when a model is configured', async () => {
  const local = createLocalEmbedder(8);
  const { embedder, hasModel } = await indexesWith(async () => local).of(generation(local.id));
  expect({ id: embedder.id, lexical: embedder.lexical, hasModel }).toEqual({
    id: local.id,
    lexical: true,
    hasModel: true,
  });
});

it('an index whose model is unavailable is searched by words, and its vectors have no direction', async () => {
  const { embedder, hasModel } = await indexesWith(async () => undefined).of(generation('gone'));
  expect([embedder.id, embedder.lexical, hasModel]).toEqual(['gone', true, false]);
  expect(await embedder.embed(['text'], 'query')).toEqual({ vectors: [new Float32Array(8)], tokens: 0 });
});

it('an index of the configured model is embedded by it', async () => {
  const { embedder } = await indexesWith(async () => undefined).of(generation('remote-model'));
  expect(embedder).toBe(remote);
});
