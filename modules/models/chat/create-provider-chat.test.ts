import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { startGigaChatUpstream } from '../../testing/providers/gigachat-upstream.ts';
import { keyOf, providerOf } from '../providers/adapter.fixture.ts';
import { createAdapters } from '../providers/adapters.ts';
import { kindsWithServer, startProvider } from '../providers/all-kinds.fixture.ts';
import { ask } from '../providers/openai/openai.fixture.ts';
import { createLocalTokens } from '../providers/tokens/token-store.ts';
import { createTransport } from '../upstream/transport.ts';
import { describeChatModel } from './conformance-chat.ts';
import { createProviderChat } from './create-provider-chat.ts';

const allowedHosts = ['127.0.0.1'];
const transport = createTransport({ allowedHosts });
afterAll(() => transport.close());

async function open(kind: string, secret?: string) {
  const { server, provider, key, model } = await startProvider(kind, secret);
  const adapterOf = createAdapters({ tokens: createLocalTokens() });
  const chat = await createProviderChat(provider, key, { adapterOf, transport, allowedHosts });
  return { server, chat, model, close: () => server.close() };
}

describe.each(kindsWithServer)('models of %s', (kind) => {
  describeChatModel(kind, () => open(kind));

  const start = async (secret?: string) => {
    const opened = await open(kind, secret);
    onTestFinished(opened.close);
    return opened;
  };

  it('call tools and count', async () => {
    const { server, chat, model } = await start();
    server.script({ tools: [{ name: 'find', arguments: { q: 'rent' } }], usage: { input: 50, cached: 32, output: 9 } });
    const tools = [{ name: 'find', parameters: { type: 'object', properties: { q: { type: 'string' } } } }];
    const { events, usage } = await ask(chat, { model, tools });
    expect(events[0]).toMatchObject({ type: 'tool-call', call: { name: 'find', arguments: '{"q":"rent"}' } });
    expect(events[1]).toEqual({ type: 'finish', reason: 'tool-calls' });
    expect(usage).toMatchObject({ promptTokens: 50, cachedTokens: 32, completionTokens: 9 });
  });

  it('say why they do not answer, in no word of the provider', async () => {
    const refused = await start('d3Jvbmc=');
    expect((await ask(refused.chat, { model: refused.model })).failure).toMatchObject({ reason: 'refused' });
    const { server, chat, model } = await start();
    for (const [status, reason] of [
      [429, 'overloaded'],
      [500, 'broken'],
      [400, 'refused'],
    ] as const) {
      server.script({ reply: { status, json: { error: { message: 'Ivanov owes 100' } } } });
      const { failure } = await ask(chat, { model });
      expect(failure).toMatchObject({ name: 'AiFailure', reason });
      expect(String(failure)).not.toContain('Ivanov');
    }
  });
});

it('renews a token of GigaChat that has expired, and tells its 200 of too many requests from an answer', async () => {
  const { server, chat, model, close } = await open('gigachat');
  onTestFinished(close);
  expect((await ask(chat, { model })).failure).toBeUndefined();
  (server as Awaited<ReturnType<typeof startGigaChatUpstream>>).expireTokens();
  expect((await ask(chat, { model })).failure).toBeUndefined();
  server.script({ reply: { json: { status: 429, message: 'Too Many Requests' } } });
  expect((await ask(chat, { model })).failure).toMatchObject({ reason: 'overloaded' });
});

it('calls an error inside a stream of Anthropic a withdrawal', async () => {
  const { server, chat, model, close } = await open('anthropic');
  onTestFinished(close);
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  server.script({ reply: { pieces: [`event: error\ndata: ${JSON.stringify(error)}\n\n`] } });
  expect((await ask(chat, { model })).failure).toMatchObject({ reason: 'withdrawn' });
});

it('is not made for a host that may not be called', async () => {
  const provider = providerOf('openai', 'https://api.example.com/v1');
  const adapterOf = createAdapters({ tokens: createLocalTokens() });
  const made = createProviderChat(provider, keyOf('secret'), { adapterOf, transport, allowedHosts });
  await expect(made).rejects.toThrow('OUTBOUND_WHITELIST');
});
