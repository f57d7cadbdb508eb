import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createExchange } from '../routing/create-exchange.ts';
import { createMemoryState, routeTo } from '../routing/exchange.fixture.ts';
import { callOf, keyOf, providerOf } from './adapter.fixture.ts';
import { providerKinds } from './adapter.ts';
import { createAdapters } from './adapters.ts';
import { kindRules } from './kinds.ts';
import { createLocalTokens } from './tokens/token-store.ts';

it.each(providerKinds)('there is one adapter of kind "%s"', async (kind) => {
  const adapterOf = createAdapters({ tokens: createLocalTokens() });
  const adapter = await adapterOf(kind);
  expect(adapter.kind).toBe(kind);
  expect(adapter.wires.length).toBeGreaterThan(0);
  expect(await adapterOf(kind)).toBe(adapter);
});

it.each(providerKinds)('the adapter of kind "%s" has the operations that its models can be asked for', async (kind) => {
  const adapter = await createAdapters({ tokens: createLocalTokens() })(kind);
  const { can } = kindRules[kind];
  expect(adapter.embeddings !== undefined).toBe(can.includes('embeddings'));
  const call = callOf({ provider: providerOf(kind, 'http://x.test', { folder: 'f' }), key: keyOf('k'), model: 'm' });
  const media = (['speech', 'transcription', 'images', 'rerank'] as const).filter((each) => can.includes(each));
  for (const operation of media) {
    const request = await adapter.pass?.(operation, Buffer.from('{}'), 'application/json', call);
    expect(request?.url).toMatch(/^http:\/\/x\.test\/./);
  }
});

it.each(['anthropic', 'gigachat', 'cohere', 'local'] as const)(
  'a model of kind "%s" that claims more than its kind can do is refused by name, without a call',
  async (kind) => {
    const { state } = createMemoryState();
    const exchange = createExchange({
      ...{ state, adapterOf: createAdapters({ tokens: createLocalTokens() }), limits: { responseBytes: 1_000 } },
      transport: { send: () => Promise.reject(new Error('No call')), close: () => {} },
    });
    const provider = { ...providerOf(kind, 'http://x.test'), keys: [keyOf('k')] };
    const can = ['speech', 'embeddings'] as const;
    const targets = [{ name: 'one', provider, model: 'm', can, price: 'p' }];
    const asked = { route: routeTo(targets), targets, signal: AbortSignal.timeout(5_000), onAttempt: () => {} };
    await expect(
      exchange.pass({ ...asked, operation: 'speech', body: Buffer.from('{}'), contentType: 'application/json' }),
    ).rejects.toMatchObject({ type: 'unsupported-parameter', status: 400, parameters: { parameter: 'speech' } });
    if (kindRules[kind].can.includes('embeddings')) return;
    await expect(exchange.embeddings({ ...asked, body: { input: ['a'] } })).rejects.toMatchObject({
      ...{ type: 'unsupported-parameter', status: 400 },
    });
  },
);

it('loads no kind before it is asked for, and no client library', async () => {
  const urlOf = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ resolve: (name, context, next) => { loaded.add(name); return next(name, context); } });
    const { createAdapters } = await import(${urlOf('./adapters.ts')});
    const { createLocalTokens } = await import(${urlOf('./tokens/token-store.ts')});
    const adapterOf = createAdapters({ tokens: createLocalTokens() });
    const has = (part) => [...loaded].some((name) => name.includes(part));
    const before = has('adapter.ts');
    await adapterOf('anthropic');
    process.stdout.write([before, has('anthropic/adapter.ts'), has('gigachat'), has('local/')].join());
    for (const kind of ${JSON.stringify(providerKinds)}) await adapterOf(kind);
    process.stdout.write(' ' + [...loaded].filter((name) => !/^(\\.|node:|file:)/.test(name)).join());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const [kinds, libraries = ''] = stdout.split(' ');
  expect(kinds).toBe('false,true,false,false');
  expect(libraries).not.toMatch(/openai|anthropic|zod/);
});
