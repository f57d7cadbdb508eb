import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Script, say, startOpenAiServer } from '../../testing/openai-server.ts';
import { createAdapters } from '../providers/adapters.ts';
import { failureWith, request } from '../providers/openai/openai.fixture.ts';
import { createLocalTokens } from '../providers/tokens/token-store.ts';
import { createMemoryState, keys, targetAt } from '../routing/exchange.fixture.ts';
import { createTransport } from '../upstream/transport.ts';
import { createTargetChats } from './target-chats.ts';

const allowedHosts = ['127.0.0.1'];
const transport = createTransport({ allowedHosts });
afterAll(() => transport.close());
const deps = { allowedHosts, transport, adapterOf: createAdapters({ tokens: createLocalTokens() }) };
const { signal } = new AbortController();

/** A target at a server that follows a script, and how its turns ended. */
async function start(chat: Script, options: Parameters<typeof targetAt>[1] = {}) {
  const server = await startOpenAiServer({ chat });
  onTestFinished(() => server.close());
  const { state, ends, inUse } = createMemoryState({ failures: 2, resetMs: 60_000 });
  const target = targetAt(server, options);
  const chats = createTargetChats({ ...deps, state });
  const model = chats.of(target);
  const ask = async () => {
    const turn = await model.begin?.({ waitMs: 0, signal });
    if (!turn || 'reason' in turn) return turn?.reason;
    const events = [];
    try {
      for await (const event of model.stream({ ...request, model: target.model }, { signal, turn })) events.push(event);
    } catch (error) {
      return error;
    }
    return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  };
  return { server, ask, ends, inUse, model, target, chats };
}

describe('the model of a target', () => {
  it('ends its turn by how the call went, and is not asked while its breaker is open', async () => {
    const { ask, ends, inUse } = await start([say('Five.'), { status: 500 }, { status: 503 }]);
    expect(await ask()).toBe('Five.');
    expect(await ask()).toEqual(failureWith('broken'));
    expect(await ask()).toEqual(failureWith('broken'));
    expect(await ask()).toBe('open');
    expect(ends.map(({ outcome }) => outcome)).toEqual(['success', 'failure', 'failure']);
    expect(inUse()).toBe(0);
  });

  it('leaves a key alone as long as the provider asks, and parks one that is refused', async () => {
    const limited = await start([{ status: 429, headers: { 'retry-after': '30' } }]);
    await limited.ask();
    expect(limited.ends).toMatchObject([{ outcome: 'abandoned', cooldownMs: 30_000 }]);
    const refused = await start([{ status: 401 }], { keys: keys('k1', 'k2') });
    await refused.ask();
    await refused.ask();
    expect(refused.ends).toMatchObject([
      { key: 'k1', park: true },
      { key: 'k2', park: true },
    ]);
    expect(await refused.ask()).toBe('resting');
    const sent = refused.server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer sk-k1', 'Bearer sk-k2']);
  });

  it('gives its turn back when its reader leaves', async () => {
    const { model, target, ends, inUse } = await start([{ stream: [{ delta: 'Five' }, 'hang'] }]);
    const turn = await model.begin?.({ waitMs: 0, signal });
    if (!turn || 'reason' in turn) throw new Error('Begin: refused');
    for await (const _ of model.stream({ ...request, model: target.model }, { signal, turn })) break;
    expect(ends).toMatchObject([{ outcome: 'abandoned' }]);
    expect(inUse()).toBe(0);
  });

  it('ends a call by the timeouts of its provider', async () => {
    const { ask, ends } = await start(['hang'], { timeouts: { firstMs: 100 } });
    expect(await ask()).toEqual(failureWith('timeout'));
    expect(ends).toMatchObject([{ outcome: 'failure' }]);
  });

  it('that may not be called is passed over, and says nothing of its provider', async () => {
    const { chats, target } = await start([say('Five.')]);
    const foreign = { ...target, provider: { ...target.provider, baseUrl: 'https://api.example.com/v1' } };
    const model = chats.of(foreign);
    const turn = await model.begin?.({ waitMs: 0, signal });
    if (!turn || 'reason' in turn) throw new Error('Begin: refused');
    const read = async () => {
      for await (const _ of model.stream(request, { signal, turn }));
    };
    await expect(read()).rejects.toMatchObject({ reason: 'unreachable', upstream: undefined });
  });
});

it('loads the client library for a provider that is asked by it, and not before', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ resolve: (name, context, next) => next(name, context, loaded.add(name)) });
    const { createTargetChats } = await import(${JSON.stringify(new URL('./target-chats.ts', import.meta.url).href)});
    const { createAdapters } = await import(${JSON.stringify(new URL('../providers/adapters.ts', import.meta.url).href)});
    const chats = createTargetChats({ allowedHosts: ['127.0.0.1'], transport: {}, adapterOf: createAdapters({}), state: {} });
    const target = (kind) => ({
      name: kind,
      provider: { name: kind, kind, baseUrl: 'http://127.0.0.1:1', keys: [{ id: 'k', secret: 's', weight: 1 }], timeouts: {}, options: {} },
    });
    await chats.prepare(target('local'));
    await chats.prepare(target('gigachat'));
    const before = loaded.has('openai');
    await chats.prepare(target('openai'));
    process.stdout.write([before, loaded.has('openai')].join());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toBe('false,true');
});
