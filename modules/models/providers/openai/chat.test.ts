import { describe, expect, it, vi } from 'vitest';
import { type StreamStep, say, startOpenAiServer } from '../../../testing/openai-server.ts';
import { describeChatModel } from '../../chat/conformance-chat.ts';
import { ask, chatAt, request, start } from './openai.fixture.ts';

describeChatModel('openai', async () => {
  const server = await startOpenAiServer();
  return { chat: chatAt(server.baseUrl), model: 'small', close: () => server.close() };
});

describe('openai answers', () => {
  it('passes the text on as it comes, with the usage that the server counted', async () => {
    const { server, chat } = await start({
      chat: [say('Five years [1].', { prompt: 50, completion: 9, cached: 32 })],
    });
    expect(await ask(chat)).toMatchObject({
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
    const { server, chat } = await start({ chat: [say('Five [1].')] });
    await ask(chat, { model: 'o3-mini' });
    expect(server.requests[0]?.body).toMatchObject({ max_completion_tokens: 200 });
    expect(server.requests[0]?.body).not.toHaveProperty('max_tokens');
    expect(server.requests[0]?.body).not.toHaveProperty('temperature');
  });

  it('estimates the usage that the server did not send, or that cannot be', async () => {
    const { chat } = await start({
      chat: [say('Five years [1].'), say('Five years [1].', { prompt: -5, completion: 2 })],
    });
    const { usage } = await ask(chat);
    expect(usage).toMatchObject({ completionTokens: 4, cachedTokens: 0 });
    expect((await ask(chat)).usage).toEqual(usage);
  });

  it('gives whole calls of tools, whatever pieces they came in', async () => {
    const piece = (delta: object) => ({ raw: `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n` });
    const call = (index: number, fields: object) => piece({ tool_calls: [{ index, ...fields }] });
    const { server, chat } = await start({
      chat: [
        {
          stream: [
            call(0, { id: 'a', type: 'function', function: { name: 'find', arguments: '{"q":' } }),
            call(1, { id: 'b', type: 'function', function: { name: 'list', arguments: '{}' } }),
            call(0, { function: { arguments: '"rent"}' } }),
            { finish: 'tool_calls' },
            'done',
          ],
        },
      ],
    });
    const tools = [{ name: 'find', parameters: { type: 'object' } }];
    const { events } = await ask(chat, { tools });
    expect(events.slice(0, 3)).toEqual([
      { type: 'tool-call', call: { id: 'a', name: 'find', arguments: '{"q":"rent"}' } },
      { type: 'tool-call', call: { id: 'b', name: 'list', arguments: '{}' } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
    expect(server.requests[0]?.body.tools).toEqual([{ type: 'function', function: tools[0] }]);
  });

  it('sends pictures, and what tools were called with and gave', async () => {
    const { server, chat } = await start({ chat: [say('A lease.')] });
    const url = 'data:image/png;base64,AAAA';
    await ask(chat, {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', url },
          ],
        },
        { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'look', arguments: '{}' }] },
        { role: 'tool', content: 'A scan', toolCallId: 'a' },
      ],
    });
    expect(server.requests[0]?.body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', content: 'A scan', tool_call_id: 'a' },
    ]);
  });

  it('sends the first piece before the last one is there', async () => {
    const { chat } = await start({ chat: [{ stream: [{ delta: 'Five years' }, 'hang'] }] });
    for await (const event of chat.stream(request, {})) {
      expect(event).toEqual({ type: 'text', text: 'Five years' });
      break;
    }
  });

  it('ends the call upstream when its reader leaves', async () => {
    const { server, chat } = await start({ chat: [{ stream: [{ delta: 'Five' }, 'hang'] }] });
    for await (const _ of chat.stream(request, {})) break;
    await vi.waitFor(() => expect(server.requests[0]?.abandoned).toBe(true));
  });

  it('does not count the pauses of its reader as silence of the server', async () => {
    const { chat } = await start({ chat: [say('Five years [1].')] }, { idleTimeoutMs: 50 });
    let text = '';
    for await (const event of chat.stream(request, {})) {
      if (event.type === 'text') text += event.text;
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(text).toBe('Five years [1].');
  });

  it('waits for a slow server as long as something comes', async () => {
    const drip: StreamStep[] = [...'Five'].flatMap((delta) => [{ delta }, { waitMs: 60 }]);
    const { chat } = await start(
      { chat: [{ stream: [...drip, { finish: 'stop' }, 'done'] }] },
      { idleTimeoutMs: 1_000 },
    );
    expect((await ask(chat)).text).toBe('Five');
  });
});
