import { describe, expect, it, vi } from 'vitest';
import { refusalText } from '../../../legal/answers/refusal.ts';
import { type Reply, type StreamStep, say, startOpenAiServer } from '../../../testing/openai-server.ts';
import { describeAiProvider } from '../../conformance.ts';
import { ask, request, settingsFor, start } from './openai.fixture.ts';
import { createOpenAiProvider } from './openai.ts';

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
