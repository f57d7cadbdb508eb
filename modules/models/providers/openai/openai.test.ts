import { describe, expect, it, vi } from 'vitest';
import { refusalText } from '../../../legal/answers/refusal.ts';
import { type StreamStep, say, startOpenAiServer } from '../../../testing/openai-server.ts';
import { describeAiProvider } from '../../conformance.ts';
import { ask, providerAt, request, start } from './openai.fixture.ts';

describeAiProvider('openai', async () => {
  const server = await startOpenAiServer({ dimensions: 16 });
  return { provider: providerAt(server.baseUrl), close: () => server.close() };
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
