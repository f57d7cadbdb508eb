import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeError } from '../../kernel/log.ts';
import { type Reply, type Script, type StreamStep, say, startOpenAiServer } from '../../testing/openai-server.ts';
import { describeAiProvider } from './conformance.ts';
import type { AiProvider, AnswerEvent, AnswerRequest } from './contract.ts';
import { createOpenAiProvider, type OpenAiSettings } from './openai.ts';
import { refusalText } from './refusal.ts';

const settingsFor = (baseUrl: string): OpenAiSettings => ({
  apiKey: 'sk-test',
  baseUrl,
  models: { standard: 'small', advanced: 'large' },
  embeddingModel: 'text-embedding-3-small',
  dimensions: 16,
  timeoutMs: 5_000,
  allowedHosts: ['127.0.0.1'],
});

async function start(
  scripts: { chat?: Script; embeddings?: Script; models?: Script },
  changes: Partial<OpenAiSettings> = {},
) {
  const server = await startOpenAiServer(scripts);
  onTestFinished(() => server.close());
  return { server, provider: createOpenAiProvider({ ...settingsFor(server.baseUrl), ...changes }) };
}

const request: AnswerRequest = {
  question: 'How long is the term?',
  passages: [{ number: 1, title: 'Lease', text: 'The term is five years.' }],
  history: [],
  language: 'en',
  model: 'small',
  maxTokens: 200,
};

async function ask(provider: AiProvider, changes: Partial<AnswerRequest> = {}) {
  const events: AnswerEvent[] = [];
  let failure: unknown;
  try {
    for await (const event of provider.answer({ ...request, ...changes })) events.push(event);
  } catch (error) {
    failure = error;
  }
  const text = events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
  return { text, failure, usage: events.find((event) => event.type === 'usage') };
}

const failureWith = (reason: string) => expect.objectContaining({ name: 'AiFailure', reason });

describeAiProvider('openai', async () => {
  const server = await startOpenAiServer({ dimensions: 16 });
  return { provider: createOpenAiProvider(settingsFor(server.baseUrl)), close: () => server.close() };
});

describe('openai answers', () => {
  it('passes the text on as it comes, with the usage that the server counted', async () => {
    const { server, provider } = await start({
      chat: [say('Five years [1].', { prompt: 50, completion: 9, cached: 32 })],
    });
    expect(await ask(provider)).toEqual({
      text: 'Five years [1].',
      failure: undefined,
      usage: { type: 'usage', promptTokens: 50, completionTokens: 9, cachedTokens: 32 },
    });
    expect(server.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer sk-test' },
      body: { model: 'small', stream: true, stream_options: { include_usage: true }, max_tokens: 200, temperature: 0 },
    });
  });

  it('asks reasoning models without the fields they reject', async () => {
    const { server, provider } = await start({ chat: [say('Five [1].')] });
    await ask(provider, { model: 'o3-mini' });
    expect(server.requests[0]?.body).toMatchObject({ max_completion_tokens: 200 });
    expect(server.requests[0]?.body).not.toHaveProperty('max_tokens');
    expect(server.requests[0]?.body).not.toHaveProperty('temperature');
  });

  it('estimates the usage that the server did not send, or that cannot be', async () => {
    const { provider } = await start({
      chat: [say('Five years [1].'), say('Five years [1].', { prompt: -5, completion: 2 })],
    });
    const { usage } = await ask(provider);
    expect(usage).toMatchObject({ completionTokens: 4, cachedTokens: 0 });
    expect((await ask(provider)).usage).toEqual(usage);
  });

  it('turns the refusal word into a sentence in the reader’s language', async () => {
    const { provider } = await start({
      chat: [{ stream: [{ delta: 'NO' }, { delta: '_ANSWER' }, { delta: '.' }, { finish: 'stop' }, 'done'] }],
    });
    expect((await ask(provider, { language: 'ru' })).text).toBe(refusalText('ru'));
  });

  it('sends the first piece before the last one is there', async () => {
    const { provider } = await start({ chat: [{ stream: [{ delta: 'Five years' }, 'hang'] }] });
    for await (const event of provider.answer(request)) {
      expect(event).toEqual({ type: 'delta', text: 'Five years' });
      break;
    }
  });

  it('ends the call upstream when its reader leaves', async () => {
    const { server, provider } = await start({ chat: [{ stream: [{ delta: 'Five' }, 'hang'] }] });
    for await (const _ of provider.answer(request)) break;
    await vi.waitFor(() => expect(server.requests[0]?.abandoned).toBe(true));
  });

  it('does not count the pauses of its reader as silence of the server', async () => {
    const { provider } = await start({ chat: [say('Five years [1].')] }, { idleTimeoutMs: 50 });
    let text = '';
    for await (const event of provider.answer(request)) {
      if (event.type === 'delta') text += event.text;
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(text).toBe('Five years [1].');
  });

  it('waits for a slow server as long as something comes', async () => {
    const drip: StreamStep[] = [...'Five'].flatMap((delta) => [{ delta }, { waitMs: 60 }]);
    const { provider } = await start(
      { chat: [{ stream: [...drip, { finish: 'stop' }, 'done'] }] },
      { idleTimeoutMs: 1_000 },
    );
    expect((await ask(provider)).text).toBe('Five');
  });
});

describe('openai failures', () => {
  it.each([
    [401, 'refused', 1],
    [403, 'refused', 1],
    [400, 'refused', 1],
    [429, 'overloaded', 2],
    [500, 'broken', 2],
    [503, 'broken', 2],
  ])('calls status %i "%s", after %i tries', async (status, reason, tries) => {
    const { server, provider } = await start({ chat: [{ status }] });
    expect((await ask(provider)).failure).toEqual(failureWith(reason));
    expect(server.requests.length).toBe(tries);
  });

  it('succeeds when the second try does', async () => {
    const { provider } = await start({ chat: [{ status: 500 }, say('Five [1].')] });
    expect(await ask(provider)).toMatchObject({ text: 'Five [1].', failure: undefined });
  });

  it('does not try again when the server asks for a long wait', async () => {
    const { server, provider } = await start({ chat: [{ status: 429, headers: { 'retry-after': '30' } }] });
    expect((await ask(provider)).failure).toEqual(failureWith('overloaded'));
    expect(server.requests.length).toBe(1);
  });

  const brokenStreams: [string, Reply][] = [
    ['a connection cut in the stream', { stream: [{ delta: 'Five' }, 'cut'] }],
    ['a stream that ends without a finish reason', { stream: [{ delta: 'Five' }] }],
    ['a stream with broken JSON', { stream: [{ delta: 'Five' }, { raw: 'data: {"choices":[\n\n' }, 'done'] }],
    ['a chunk that is no object', { stream: [{ delta: 'Five' }, { raw: 'data: null\n\n' }, 'done'] }],
    ['a stream without text', { stream: [{ finish: 'stop' }, 'done'] }],
    ['a page instead of a stream', { raw: '<html>' }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.2/v1/chat/completions' } }],
  ];
  it.each(brokenStreams)('calls %s broken, and does not try again', async (_, reply) => {
    const { server, provider } = await start({ chat: [reply, say('Five [1].')] });
    const { failure, usage } = await ask(provider);
    expect(failure).toEqual(failureWith('broken'));
    expect(usage).toBeUndefined();
    expect(server.requests.length).toBe(1);
  });

  it('calls an error object in the stream a withdrawal, and does not try again', async () => {
    const { server, provider } = await start({
      chat: [{ stream: [{ delta: 'Five' }, { error: 'out of memory' }] }, say('Five [1].')],
    });
    expect((await ask(provider)).failure).toEqual(failureWith('withdrawn'));
    expect(server.requests.length).toBe(1);
  });

  it.each<[string, Reply]>([
    ['the first event', 'hang'],
    ['the first event, when only headers came', { stream: ['hang'] }],
  ])('stops waiting for %s', async (_, reply) => {
    const { server, provider } = await start({ chat: [reply] }, { timeoutMs: 150 });
    expect((await ask(provider)).failure).toEqual(failureWith('timeout'));
    await vi.waitFor(() => expect(server.requests.every(({ abandoned }) => abandoned)).toBe(true));
  });

  it('stops waiting for the next event, and keeps what came', async () => {
    const { provider } = await start({ chat: [{ stream: [{ delta: 'Five' }, 'hang'] }] }, { idleTimeoutMs: 100 });
    expect(await ask(provider)).toMatchObject({ text: 'Five', failure: failureWith('timeout') });
  });

  it('stops an answer that only drips', async () => {
    const drip: StreamStep[] = Array.from({ length: 100 }, () => [{ delta: '.' }, { waitMs: 40 }]).flat();
    const { provider } = await start({ chat: [{ stream: drip }] }, { timeoutMs: 80 });
    expect((await ask(provider)).failure).toEqual(failureWith('timeout'));
  });

  it('ends when its caller cancels', async () => {
    const { server, provider } = await start({ chat: [{ stream: [{ delta: 'Five' }, 'hang'] }] });
    const caller = new AbortController();
    const asked = ask(provider, { signal: caller.signal });
    await vi.waitFor(() => expect(server.requests.length).toBe(1));
    caller.abort();
    expect((await asked).failure).toEqual(failureWith('cancelled'));
    await vi.waitFor(() => expect(server.requests[0]?.abandoned).toBe(true));
  });

  it.each<[string, Reply, string]>([
    ['a status', { status: 400, message: 'Ivanov owes 100' }, 'status 400, scripted'],
    ['an error in the stream', { stream: [{ error: 'Ivanov owes 100' }] }, 'error in the stream, server_error'],
    ['broken JSON', { stream: [{ raw: 'data: Ivanov owes 100\n\n' }] }, 'SyntaxError'],
  ])('keep of %s what it is and nothing of its words', async (_, reply, kept) => {
    const { provider } = await start({ chat: [reply] });
    const logged = JSON.stringify(describeError((await ask(provider)).failure));
    expect(logged).toContain(kept);
    expect(logged).not.toContain('Ivanov');
  });

  it('says that the server is unreachable, and why', async () => {
    const { server, provider } = await start({});
    await server.close();
    const { failure } = await ask(provider);
    expect(failure).toEqual(failureWith('unreachable'));
    expect(String(failure)).toContain('ECONNREFUSED');
    await expect(provider.check()).rejects.toEqual(failureWith('unreachable'));
  });

  it('asks no more after five failures, until 30 seconds later one probe succeeds', async () => {
    const clock = { now: 0 };
    const failures = Array.from({ length: 5 }, (): Reply => ({ stream: [{ error: 'down' }] }));
    const { server, provider } = await start({ chat: [...failures, say('Five [1].')] }, { now: () => clock.now });
    for (let n = 0; n < 5; n += 1) expect((await ask(provider)).failure).toEqual(failureWith('withdrawn'));
    expect((await ask(provider)).failure).toEqual(failureWith('unreachable'));
    await expect(provider.embed(['text'], 'query')).rejects.toEqual(failureWith('unreachable'));
    expect(server.requests.length).toBe(5);
    clock.now = 30_000;
    expect((await ask(provider)).text).toBe('Five [1].');
    expect((await ask(provider)).text).toBe('Five [1].');
  });

  it('is not made for a host that is not allowed', () => {
    const settings = settingsFor('http://127.0.0.1:1/v1');
    expect(() => createOpenAiProvider({ ...settings, allowedHosts: ['api.openai.com'] })).toThrow(
      'Call host "127.0.0.1:1": not in OUTBOUND_WHITELIST (api.openai.com)',
    );
  });
});

describe('openai embeddings', () => {
  const vectors = (...all: { index: number; embedding: number[] }[]): Reply => ({ json: { data: all } });

  it('asks in batches of at most 128, with the length only where the model knows it', async () => {
    const { server, provider } = await start({});
    await provider.embed(
      Array.from({ length: 300 }, () => 'text'),
      'document',
    );
    expect(server.requests.map(({ body }) => [body.input?.length, body.dimensions])).toEqual([
      [128, 16],
      [128, 16],
      [44, 16],
    ]);
    const other = await start({}, { embeddingModel: 'other', dimensions: 8 });
    await other.provider.embed(['text'], 'document');
    expect(other.server.requests[0]?.body).not.toHaveProperty('dimensions');
  });

  it('puts vectors in the order of the texts and scales them to length 1', async () => {
    const { provider } = await start(
      { embeddings: [vectors({ index: 1, embedding: [0, 5] }, { index: 0, embedding: [3, 4] })] },
      { dimensions: 2 },
    );
    const result = await provider.embed(['first', 'second'], 'document');
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
    const { provider } = await start({ embeddings: [reply] }, { dimensions: 2 });
    await expect(provider.embed(['text'], 'document')).rejects.toEqual(failureWith('broken'));
  });

  it('stops waiting', async () => {
    const { provider } = await start({ embeddings: ['hang'] }, { timeoutMs: 100 });
    await expect(provider.embed(['text'], 'query')).rejects.toEqual(failureWith('timeout'));
  });
});

describe('openai check', () => {
  it.each<[string, Reply, string]>([
    ['a wrong key', { status: 401 }, 'refused'],
    ['a broken server', { status: 500 }, 'broken'],
    ['a silent server', 'hang', 'timeout'],
  ])('rejects on %s, after one try', async (_, reply, reason) => {
    const { server, provider } = await start({ models: [reply] }, { timeoutMs: 500 });
    await expect(provider.check()).rejects.toEqual(failureWith(reason));
    expect(server.requests.length).toBe(1);
  });
});
