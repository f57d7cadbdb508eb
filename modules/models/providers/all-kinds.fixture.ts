import { startAnthropicUpstream } from '../../testing/providers/anthropic-upstream.ts';
import { startAzureUpstream } from '../../testing/providers/azure-upstream.ts';
import { startCohereUpstream } from '../../testing/providers/cohere-upstream.ts';
import { startGigaChatUpstream } from '../../testing/providers/gigachat-upstream.ts';
import { startOpenAiUpstream } from '../../testing/providers/openai-upstream.ts';
import type { ProviderServer } from '../../testing/providers/provider-server.ts';
import { startYandexUpstream } from '../../testing/providers/yandex-upstream.ts';
import { keyOf, providerOf } from './adapter.fixture.ts';
import type { ProviderKind } from './adapter.ts';

const SECRET = 'c2VjcmV0';

/** Where each kind is, what its model is called, and what the configuration says of it. */
const kinds: Record<string, [() => Promise<ProviderServer>, string, string, Record<string, string>]> = {
  openai: [() => startOpenAiUpstream(SECRET), '/v1', 'gpt-5-mini', { server: 'openai' }],
  azure: [() => startAzureUpstream(SECRET), '', 'chat-eu', { apiVersion: '2024-10-21' }],
  yandex: [() => startYandexUpstream(SECRET, 'b1g'), '/v1', 'yandexgpt/latest', { folder: 'b1g' }],
  anthropic: [() => startAnthropicUpstream(SECRET), '/v1', 'claude-sonnet-4-5', {}],
  gigachat: [() => startGigaChatUpstream(SECRET), '/api/v1', 'GigaChat-2-Max', {}],
  cohere: [() => startCohereUpstream(SECRET), '/compatibility/v1', 'command-a-03-2025', {}],
};

export const kindsWithServer = Object.keys(kinds);

/** A server of the kind, and what the configuration says of it. @param secret another key than the one that it takes */
export async function startProvider(kind: string, secret = SECRET) {
  const [start, path, model, options] = kinds[kind] ?? [];
  if (!start || model === undefined) throw new Error(`Start kind "${kind}": unknown`);
  const server = await start();
  const oauth = kind === 'gigachat' ? { oauthUrl: `${server.origin}/api/v2/oauth` } : {};
  const provider = providerOf(kind as ProviderKind, `${server.origin}${path}`, { ...options, ...oauth });
  return { server, provider, key: keyOf(secret), model };
}
