import { describe, expect, it } from 'vitest';
import { startYandexUpstream, yandexFailures } from '../../../testing/providers/yandex-upstream.ts';
import { chatDialect, responsesDialect } from '../../dialects/index.ts';
import { callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import type { Provider } from '../adapter.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createYandexAdapter } from './adapter.ts';

const KEY = 'AQVN0123456789';
const adapter = createYandexAdapter([chatDialect, responsesDialect]);

async function open(secret = KEY) {
  const server = await startYandexUpstream(KEY, 'b1gfolder');
  return {
    adapter,
    server,
    provider: providerOf('yandex', `${server.origin}/v1`, { folder: 'b1gfolder' }),
    key: keyOf(secret),
    model: 'yandexgpt/latest',
    unknownModel: 'yandexgpt/never',
    embeddingModel: 'text-search-doc/latest',
    can: { tools: true, json: true, cached: true },
    failures: yandexFailures,
    close: () => server.close(),
  };
}

describeAdapter('yandex', () => open());
describeAdapter('yandex, with a token', () => open('t1.token'));

describe('a request to Yandex', () => {
  const write = async (options: Provider['options'], model = 'yandexgpt/latest') => {
    const call = callOf({ provider: providerOf('yandex', 'https://y.example/v1', options), key: keyOf(KEY), model });
    const request = await adapter.chat(chatDialect, { messages: [], max_completion_tokens: 5 }, call);
    return { headers: request.headers, body: JSON.parse(String(request.body)) };
  };

  it('names the folder, and asks that nothing is logged', async () => {
    const { headers, body } = await write({ folder: 'f' });
    expect(headers).toMatchObject({ 'openai-project': 'f', 'x-data-logging-enabled': 'false' });
    expect(body).toEqual({ messages: [], max_tokens: 5, model: 'gpt://f/yandexgpt/latest' });
    expect((await write({ folder: 'f', dataLogging: true })).headers).not.toHaveProperty('x-data-logging-enabled');
  });

  it('keeps a whole URI, such as one of another folder', async () => {
    expect((await write({ folder: 'f' }, 'gpt://g/qwen3/latest')).body.model).toBe('gpt://g/qwen3/latest');
  });

  it('is none without a folder', async () => {
    const failure = { reason: 'key-refused', code: 'folder_missing' };
    await expect(write({})).rejects.toMatchObject({ name: 'UpstreamError', failure });
  });
});
