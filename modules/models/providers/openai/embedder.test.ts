import { describe, expect, it } from 'vitest';
import { type Reply, startOpenAiServer } from '../../../testing/openai-server.ts';
import { describeEmbedder } from '../../conformance-embedder.ts';
import { embedderAt, failureWith, startEmbedder } from './openai.fixture.ts';

describeEmbedder('openai', async () => {
  const server = await startOpenAiServer({ dimensions: 16 });
  return { embedder: embedderAt(server.baseUrl), close: () => server.close() };
});

describe('openai embeddings', () => {
  const vectors = (...all: { index: number; embedding: number[] }[]): Reply => ({ json: { data: all } });

  it('asks in batches of at most 128, with the length only where the model knows it', async () => {
    const { server, embedder } = await startEmbedder({});
    await embedder.embed(
      Array.from({ length: 300 }, () => 'text'),
      'document',
    );
    expect(server.requests.map(({ body }) => [body.input?.length, body.dimensions])).toEqual([
      [128, 16],
      [128, 16],
      [44, 16],
    ]);
    const other = await startEmbedder({}, { model: 'other', dimensions: 8 });
    await other.embedder.embed(['text'], 'document');
    expect(other.server.requests[0]?.body).not.toHaveProperty('dimensions');
  });

  it('puts vectors in the order of the texts and scales them to length 1', async () => {
    const { embedder } = await startEmbedder(
      { embeddings: [vectors({ index: 1, embedding: [0, 5] }, { index: 0, embedding: [3, 4] })] },
      { dimensions: 2 },
    );
    const result = await embedder.embed(['first', 'second'], 'document');
    expect(result.vectors.map((vector) => [...vector].map((value) => value.toFixed(1)))).toEqual([
      ['0.6', '0.8'],
      ['0.0', '1.0'],
    ]);
    expect(result.tokens).toBe(4);
  });

  it.each<[string, Reply]>([
    ['of another length', vectors({ index: 0, embedding: [1, 2, 3] })],
    ['that is missing', vectors()],
    ['of zeros', vectors({ index: 0, embedding: [0, 0] })],
    ['of no numbers', { json: { data: [{ index: 0, embedding: ['a', 'b'] }] } }],
    ['in broken JSON', { raw: '{"data":[' }],
    ['in no list', { json: { data: 'none' } }],
  ])('does not take a vector %s', async (_, reply) => {
    const { embedder } = await startEmbedder({ embeddings: [reply] }, { dimensions: 2 });
    await expect(embedder.embed(['text'], 'document')).rejects.toEqual(failureWith('broken'));
  });

  it('stops waiting', async () => {
    const { embedder } = await startEmbedder({ embeddings: ['hang'] }, { timeoutMs: 100 });
    await expect(embedder.embed(['text'], 'query')).rejects.toEqual(failureWith('timeout'));
  });
});
