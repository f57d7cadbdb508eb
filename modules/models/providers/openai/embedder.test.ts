import { describe, expect, it } from 'vitest';
import { type Reply, startOpenAiServer } from '../../../testing/openai-server.ts';
import { describeEmbedder } from '../../embedding/conformance-embedder.ts';
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

  it.each<[string, Reply, number]>([
    ['are asked for once more after a broken answer', { status: 500 }, 2],
    ['are asked for once more after a cut connection', 'cut', 2],
    ['are asked for once more after a short wait', { status: 429, headers: { 'retry-after': '0.1' } }, 2],
    ['are not asked for again after a long wait', { status: 429, headers: { 'retry-after': '60' } }, 1],
    ['are not asked for again when the key is refused', { status: 401 }, 1],
    ['are not asked for again when the request is refused', { status: 400 }, 1],
  ])('%s', async (_, reply, requests) => {
    const { server, embedder } = await startEmbedder({ embeddings: [reply] }, { dimensions: 2 });
    await expect(embedder.embed(['text'], 'document')).rejects.toMatchObject({ name: 'AiFailure' });
    expect(server.requests).toHaveLength(requests);
    const better = vectors({ index: 0, embedding: [1, 0] });
    const recovering = await startEmbedder({ embeddings: [reply, better] }, { dimensions: 2 });
    const embedded = recovering.embedder.embed(['text'], 'document');
    if (requests === 2) expect((await embedded).vectors).toHaveLength(1);
    else await expect(embedded).rejects.toMatchObject({ name: 'AiFailure' });
  });

  it('stops waiting', async () => {
    const { embedder } = await startEmbedder({ embeddings: ['hang'] }, { timeoutMs: 100 });
    await expect(embedder.embed(['text'], 'query')).rejects.toEqual(failureWith('timeout'));
  });
});
