import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../platform/kernel/environment.ts';
import { startOpenAiServer } from '../../testing/openai-server.ts';
import { createEmbedder } from './create-embedder.ts';
import { configuredEmbedding, embeddingEndpoints, embeddingVariables } from './embedding-settings.ts';

const read = (source: Record<string, string>) => readEnvironment(embeddingVariables, source);
const OPENAI = 'https://api.openai.com/v1';
const OLLAMA = 'http://127.0.0.1:11434/v1';

describe('what embeds', () => {
  it.each<[string, Record<string, string>, string]>([
    ['nothing is configured', {}, 'local-lexical-3'],
    ['only answers are', { OPENAI_API_KEY: 'k' }, 'text-embedding-3-small'],
    ['only embeddings are', { AI_EMBEDDING_BASE_URL: OLLAMA, AI_EMBEDDING_MODEL: 'bge-m3' }, 'bge-m3'],
    ['only a key for embeddings is', { AI_EMBEDDING_API_KEY: 'k' }, 'text-embedding-3-small'],
    [
      'answers are, and embeddings shall need no model',
      { OPENAI_API_KEY: 'k', AI_EMBEDDING_MODEL: 'local' },
      'local-lexical-3',
    ],
  ])('when %s', (_, source, id) => {
    expect(configuredEmbedding(read(source))).toEqual({ id, dimensions: 384 });
  });
});

describe('where to', () => {
  it.each<[Record<string, string>, [string, string | undefined][]]>([
    [{}, []],
    [{ OPENAI_API_KEY: 'k' }, [[OPENAI, 'k']]],
    [{ AI_EMBEDDING_BASE_URL: OLLAMA }, [[OLLAMA, undefined]]],
    // A key never goes to another server than its own.
    [
      { AI_EMBEDDING_BASE_URL: OLLAMA, OPENAI_API_KEY: 'k' },
      [
        [OLLAMA, undefined],
        [OPENAI, 'k'],
      ],
    ],
    [{ AI_EMBEDDING_BASE_URL: OLLAMA, AI_EMBEDDING_API_KEY: 'e' }, [[OLLAMA, 'e']]],
    [
      { AI_EMBEDDING_API_KEY: 'e', OPENAI_API_KEY: 'k' },
      [
        [OPENAI, 'e'],
        [OPENAI, 'k'],
      ],
    ],
    [{ AI_EMBEDDING_BASE_URL: OPENAI, OPENAI_API_KEY: 'k' }, [[OPENAI, 'k']]],
  ])('with %j', (source, expected) => {
    expect(embeddingEndpoints(read(source)).map(({ baseUrl, apiKey }) => [baseUrl, apiKey])).toEqual(expected);
  });
});

it('takes limits and authorities of the server that embeds', () => {
  const source = { OPENAI_API_KEY: 'k', OPENAI_CA_PATH: '/a.pem', AI_CONCURRENCY: '8', AI_EMBEDDING_CONCURRENCY: '2' };
  expect(embeddingEndpoints(read({ ...source, AI_EMBEDDING_BASE_URL: OLLAMA }))).toMatchObject([
    { caPath: undefined, concurrency: 2 },
    { caPath: '/a.pem', concurrency: 8 },
  ]);
});

it('asks the answering server for a model that the embedding server does not have', async () => {
  const [now, before] = [await startOpenAiServer({ embeddings: [{ status: 404 }] }), await startOpenAiServer()];
  const endpoints = [now, before].map(({ baseUrl }) => ({ baseUrl, apiKey: 'k', caPath: undefined, concurrency: 1 }));
  const settings = { timeoutMs: 5_000, allowedHosts: ['127.0.0.1'] };
  const embedder = await createEmbedder({ id: 'earlier', dimensions: 8 }, endpoints, settings);
  expect((await embedder?.embed(['text'], 'query'))?.vectors).toHaveLength(1);
  expect([now, before].map(({ requests }) => requests.length)).toEqual([1, 1]);
  await Promise.all([now.close(), before.close()]);
});
