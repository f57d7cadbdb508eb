import { describe, expect, it } from 'vitest';
import { azureFailures, startAzureUpstream } from '../../../testing/providers/azure-upstream.ts';
import { chatDialect, responsesDialect } from '../../dialects/index.ts';
import { callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import type { Provider } from '../adapter.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createAzureAdapter } from './adapter.ts';

const KEY = 'azure-0123456789';
const adapter = createAzureAdapter([chatDialect, responsesDialect]);

async function open(path: string, options: Provider['options']) {
  const server = await startAzureUpstream(KEY);
  return {
    adapter,
    server,
    provider: providerOf('azure', `${server.origin}${path}`, options),
    key: keyOf(KEY),
    model: 'chat-eu',
    unknownModel: 'chat-us',
    embeddingModel: 'embed-eu',
    can: { tools: true, vision: true, json: true, cached: true },
    failures: azureFailures,
    close: () => server.close(),
  };
}

describeAdapter('azure, by the addresses of deployments', () => open('', { apiVersion: '2024-10-21' }));
describeAdapter('azure, by its newer address', () => open('/openai/v1', {}));

describe('addresses at Azure', () => {
  const urlOf = async (baseUrl: string, options: Provider['options'], model = 'chat-eu') => {
    const call = callOf({ provider: providerOf('azure', baseUrl, options), key: keyOf(KEY), model });
    const chat = await adapter.chat(chatDialect, { messages: [] }, call);
    const response = await adapter.chat(responsesDialect, { input: 'Hi' }, call);
    return { chat: chat.url, response: response.url, headers: chat.headers };
  };

  it('name the deployment and the version, or neither', async () => {
    expect(await urlOf('https://a.example', { apiVersion: '2024-10-21' }, 'gpt 4/eu')).toMatchObject({
      chat: 'https://a.example/openai/deployments/gpt%204%2Feu/chat/completions?api-version=2024-10-21',
      response: 'https://a.example/openai/responses?api-version=2024-10-21',
    });
    for (const base of ['https://a.example', 'https://a.example/openai', 'https://a.example/openai/v1']) {
      expect(await urlOf(base, {})).toMatchObject({
        chat: 'https://a.example/openai/v1/chat/completions',
        response: 'https://a.example/openai/v1/responses',
      });
    }
  });

  it('take a key, or a token of Entra', async () => {
    expect((await urlOf('https://a.example', {})).headers).toMatchObject({ 'api-key': KEY });
    const { headers } = await urlOf('https://a.example', { auth: 'bearer' });
    expect(headers).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect(headers).not.toHaveProperty('api-key');
  });
});
