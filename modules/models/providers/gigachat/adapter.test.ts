import { afterEach, describe, expect, it } from 'vitest';
import {
  type GigaChatLimits,
  gigaChatFailures,
  startGigaChatUpstream,
} from '../../../testing/providers/gigachat-upstream.ts';
import { send } from '../../../testing/providers/send.ts';
import type { Json } from '../../dialects/contract.ts';
import { type AdapterUnderTest, askAdapter, callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import type { AdapterCall, Provider } from '../adapter.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createLocalTokens } from '../tokens/token-store.ts';
import { createGigaChatAdapter } from './adapter.ts';
import { gigaChatWire } from './wire.ts';

const KEY = Buffer.from('client:secret').toString('base64');

async function open(limits: GigaChatLimits = {}, options: Provider['options'] = {}) {
  const server = await startGigaChatUpstream(KEY, limits);
  return {
    adapter: createGigaChatAdapter(createLocalTokens()),
    server,
    provider: providerOf('gigachat', `${server.origin}/api/v1`, { oauthUrl: server.oauthUrl, ...options }),
    key: keyOf(KEY),
    model: 'GigaChat-2-Max',
    unknownModel: 'GigaChat-9',
    embeddingModel: 'Embeddings',
    can: { tools: true, vision: true, json: true, cached: true },
    failures: gigaChatFailures,
    close: () => server.close(),
  };
}

describeAdapter('gigachat', () => open());
describeAdapter('gigachat, which counts cached tokens next to the prompt', () => open({ precached: 'added' }));

const chat = { messages: [{ role: 'user', content: 'By what day?' }] };
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

describe('the GigaChat adapter', () => {
  let opened: { close(): Promise<void> }[] = [];
  const start = async (...settings: Parameters<typeof open>) => {
    const tested = await open(...settings);
    opened.push(tested);
    return tested;
  };
  afterEach(async () => {
    await Promise.all(opened.map((each) => each.close()));
    opened = [];
  });

  /** Asks as the gateway does: once more when the token is refused. */
  const askRenewing = async (tested: AdapterUnderTest) => {
    const call = callOf(tested);
    const first = await askAdapter(tested, gigaChatWire, chat, { call });
    if (first.failure?.code !== 'token_expired') return first;
    await tested.adapter.renew?.(call);
    return askAdapter(tested, gigaChatWire, chat, { call });
  };

  it('asks for one token for many calls, with the scope of the account', async () => {
    const tested = await start({ tokens: 1, tokenWaitMs: 30 }, { scope: 'GIGACHAT_API_B2B' });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => askRenewing(tested)));
    expect(outcomes.map(({ failure }) => failure)).toEqual(outcomes.map(() => undefined));
    expect(tested.server.issued()).toBe(1);
    const oauth = tested.server.requests.find(({ path }) => path === '/api/v2/oauth');
    expect(oauth?.raw.toString()).toBe('scope=GIGACHAT_API_B2B');
  });

  it('asks for one token when all calls hear that theirs has expired (case 54)', async () => {
    const tested = await start({ tokens: 2, tokenWaitMs: 30 });
    await askRenewing(tested);
    tested.server.expireTokens();
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => askRenewing(tested)));
    expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
    expect(tested.server.issued()).toBe(2);
  });

  it('replaces a token a minute before it expires', async () => {
    const tested = await start({ tokenLifeMs: 59_000 });
    await askRenewing(tested);
    await askRenewing(tested);
    expect(tested.server.issued()).toBe(2);
  });

  it('says that the server of tokens lets no more through', async () => {
    const tested = await start({ tokens: 0 });
    await expect(askRenewing(tested)).rejects.toMatchObject({ failure: { reason: 'rate-limited', status: 429 } });
  });

  it('says that a scope is none of the account', async () => {
    const tested = await start({}, { scope: 'GIGACHAT_API_X' });
    const failure = { reason: 'key-refused', status: 400, code: '7' };
    await expect(askRenewing(tested)).rejects.toMatchObject({ failure });
  });

  it('lets the others go on when the caller that asks for the token leaves', async () => {
    const tested = await start({ tokenWaitMs: 100 });
    const leaving = new AbortController();
    const cancelled = Object.assign(new Error('left'), { reason: 'cancelled' });
    const { promise: isAsking, resolve: begin } = Promise.withResolvers<void>();
    const first: AdapterCall = {
      ...callOf(tested),
      signal: leaving.signal,
      send: () => {
        begin();
        return new Promise((_, reject) => leaving.signal.addEventListener('abort', () => reject(cancelled)));
      },
    };
    const asked = askAdapter(tested, gigaChatWire, chat, { call: first });
    await isAsking;
    const waiting = askRenewing(tested);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    expect((await waiting).failure).toBeUndefined();
  });

  it('keeps to one conversation at a time, which another one is told', async () => {
    const tested = await start({ concurrency: 1 });
    tested.server.script({ text: 'Five.', waitMs: 200 });
    const first = askRenewing(tested);
    await expect.poll(() => tested.server.requests.length).toBe(2);
    expect((await askRenewing(tested)).failure).toMatchObject({ reason: 'rate-limited', status: 429 });
    expect((await first).text).toBe('Five.');
  });

  it('uploads a picture once', async () => {
    const tested = await start();
    const message = { role: 'user', content: [{ type: 'image_url', image_url: { url: PIXEL } }] };
    for (let turn = 0; turn < 2; turn += 1) {
      const { failure } = await askAdapter(tested, gigaChatWire, { messages: [message, message] });
      expect(failure).toBeUndefined();
    }
    expect(tested.server.files.size).toBe(1);
    const body = tested.server.requests.at(-1)?.body as { messages: Json[] };
    const [id] = [...tested.server.files];
    expect(body.messages).toEqual([{ role: 'user', content: '', attachments: [id, id] }]);
  });

  it('refuses a picture that is none', async () => {
    const tested = await start();
    const part = { type: 'image_url', image_url: { url: 'data:text/html;base64,AAAA' } };
    const asked = askAdapter(tested, gigaChatWire, { messages: [{ role: 'user', content: [part] }] });
    await expect(asked).rejects.toThrow('invalid-request');
  });

  it('gives the state of functions back by the id of the call alone', async () => {
    const tested = await start();
    tested.server.script({ tools: [{ name: 'user_web_search', arguments: { q: 'rent' } }] });
    const web = { type: 'function', function: { name: 'web_search', parameters: { type: 'object', properties: {} } } };
    const first = await askAdapter(tested, gigaChatWire, { ...chat, tools: [web] });
    const message = first.answer?.choices[0]?.message as unknown as Json;
    const [call] = message.tool_calls as [Json];
    expect(call).toMatchObject({ function: { name: 'web_search', arguments: '{"q":"rent"}' } });
    expect(String(call.id).length).toBeLessThanOrEqual(40);
    const stateId = (message.x_gigachat as Json).functions_state_id;
    await askAdapter(tested, gigaChatWire, {
      tools: [web],
      messages: [
        ...chat.messages,
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: call.id, content: '5' },
      ],
    });
    const body = tested.server.requests.at(-1)?.body as { messages: Json[] };
    expect(body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: '',
        function_call: { name: 'user_web_search', arguments: { q: 'rent' } },
        functions_state_id: stateId,
      },
      { role: 'function', name: 'user_web_search', content: '{"result":5}' },
    ]);
  });

  it('names a session only where the provider allows it', async () => {
    const asked = { ...chat, prompt_cache_key: 'lease-7' };
    for (const sessions of [true, false]) {
      const tested = await start({}, { sessions });
      await askAdapter(tested, gigaChatWire, asked);
      expect(tested.server.requests.at(-1)?.headers['x-session-id']).toBe(sessions ? 'lease-7' : undefined);
    }
  });

  it('embeds with no length of its vectors but its own', async () => {
    const tested = await start();
    const call = callOf({ ...tested, model: 'Embeddings' });
    const write = (body: { input: (string | number[])[]; dimensions?: number }, drop?: (name: string) => void) =>
      tested.adapter.embeddings?.write(body, { ...call, drop });
    await expect(write({ input: ['rent'], dimensions: 256 })).rejects.toThrow('unsupported-parameter');
    await expect(write({ input: [[1, 2]] })).rejects.toThrow('unsupported-parameter');
    const dropped: string[] = [];
    const request = await write({ input: ['rent'], dimensions: 256 }, (name) => dropped.push(name));
    expect(dropped).toEqual(['dimensions']);
    expect(request && (await send(request)).status).toBe(200);
  });
});
