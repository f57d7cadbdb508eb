import { describe, expect, it, onTestFinished } from 'vitest';
import { openAiFailures, startOpenAiUpstream } from '../../../testing/providers/openai-upstream.ts';
import { readText, send } from '../../../testing/providers/send.ts';
import type { Json } from '../../dialects/contract.ts';
import { chatDialect, responsesDialect } from '../../dialects/index.ts';
import { askAdapter, callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import type { AdapterCall, Operation, Provider } from '../adapter.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createOpenAiAdapter } from './adapter.ts';

const SECRET = 'sk-test-0123456789';
const adapter = createOpenAiAdapter([chatDialect, responsesDialect]);

async function open(model = 'gpt-4o', options: Provider['options'] = {}) {
  const server = await startOpenAiUpstream(SECRET);
  return {
    adapter,
    server,
    // Its host is no name of OpenAI's.
    provider: providerOf('openai', `${server.origin}/v1`, { server: 'openai', ...options }),
    key: keyOf(SECRET),
    model,
    unknownModel: 'gpt-9',
    embeddingModel: 'text-embedding-3-small',
    can: { tools: true, vision: true, json: true, cached: true },
    failures: openAiFailures,
    close: () => server.close(),
  };
}

describeAdapter('openai', () => open());

const chat = { messages: [{ role: 'user', content: 'By what day?' }] };

describe('an adapter of OpenAI-compatible servers', () => {
  const start = async (...settings: Parameters<typeof open>) => {
    const tested = await open(...settings);
    onTestFinished(tested.close);
    return tested;
  };
  /** The body of a request as the server would see it. */
  const written = async (body: Json, options: Provider['options'], changes: Partial<AdapterCall> = {}) => {
    const provider = providerOf('openai', 'http://127.0.0.1:1/v1', options);
    const call = { ...callOf({ provider, key: keyOf(''), model: 'm' }), ...changes };
    const request = await adapter.chat(chatDialect, body, call);
    return { request, body: JSON.parse(String(request.body)) as Json };
  };

  it('asks reasoning models by the limit that they know, and leaves out what they refuse where that is allowed', async () => {
    const tested = await start('gpt-5-mini');
    const body = { ...chat, max_tokens: 50, temperature: 0, top_p: null };
    const { failure } = await askAdapter(tested, chatDialect, body);
    expect(failure).toMatchObject({ reason: 'refused', code: 'unsupported_value', parameter: 'temperature' });
    const dropped: string[] = [];
    const call = { ...callOf(tested), drop: (name: string) => dropped.push(name) };
    expect((await askAdapter(tested, chatDialect, body, { call })).failure).toBeUndefined();
    expect(dropped).toEqual(['temperature']);
    expect(tested.server.requests.at(-1)?.body).toMatchObject({ max_completion_tokens: 50 });
  });

  it('sends no key where there is none, and organization and project where they are set', async () => {
    const { request } = await written(chat, { organization: 'org-1', project: 'proj-1' });
    expect(request.headers).not.toHaveProperty('authorization');
    expect(request.headers).toMatchObject({ 'openai-organization': 'org-1', 'openai-project': 'proj-1' });
  });

  it('leaves out what only we know, and the count that a server refuses to send', async () => {
    const message = { role: 'assistant', content: 'Hi', x_anthropic: {}, reasoning_content: 'Hm' };
    const body = { messages: [message], x_gigachat: {}, stream: true, stream_options: { include_usage: true } };
    expect((await written(body, { noStreamOptions: true, reasoningContent: 'remove' })).body).toEqual({
      model: 'm',
      stream: true,
      messages: [{ role: 'assistant', content: 'Hi' }],
    });
    expect((await written(body, {})).body).toMatchObject({
      stream_options: { include_usage: true },
      messages: [{ reasoning_content: 'Hm' }],
    });
  });

  it('gives DeepSeek its reasoning back only within a turn of tools', async () => {
    const thought = (extra: Json) => ({ role: 'assistant', content: '', reasoning_content: 'Hm', ...extra });
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      thought({ tool_calls: [{ id: 'old' }] }),
      { role: 'user', content: 'And now?' },
      thought({ tool_calls: [{ id: 'new' }] }),
      { role: 'tool', tool_call_id: 'new', content: '{}' },
      thought({}),
    ];
    const { body } = await written({ messages, max_completion_tokens: 9 }, { server: 'deepseek' });
    expect(body).toMatchObject({ max_tokens: 9, messages: [{ role: 'system' }, {}, {}, {}, {}, {}] });
    const kept = (body.messages as Json[]).map((message) => 'reasoning_content' in message);
    expect(kept).toEqual([false, false, false, true, false, false]);
  });

  it('asks Qwen not to think where it answers as a whole', async () => {
    expect((await written(chat, { server: 'qwen' })).body.enable_thinking).toBe(false);
    expect((await written({ ...chat, stream: true }, { server: 'qwen' })).body).not.toHaveProperty('enable_thinking');
    expect((await written({ ...chat, enable_thinking: true }, { server: 'qwen' })).body.enable_thinking).toBe(true);
  });

  it('lets the headers say how long to wait, to the millisecond', async () => {
    const tested = await start();
    tested.server.script({ reply: openAiFailures['too-many']?.[0] ?? {} });
    const { failure } = await askAdapter(tested, chatDialect, chat);
    expect(failure).toEqual({ reason: 'rate-limited', status: 429, code: 'rate_limit_exceeded', retryAfterMs: 2_500 });
  });

  it('finds an error in an answer whose status was 200', async () => {
    const tested = await start();
    tested.server.script({ reply: { json: { error: { message: 'Provider returned error', code: 429 } } } });
    expect((await askAdapter(tested, chatDialect, chat)).failure).toMatchObject({
      reason: 'rate-limited',
      status: 429,
    });
  });

  it('passes speech and transcription on with the name of the model', async () => {
    const tested = await start();
    const passed = async (operation: Operation, body: string, contentType: string, model: string) => {
      const request = await adapter.pass?.(operation, Buffer.from(body), contentType, { ...callOf(tested), model });
      if (!request) throw new Error('Pass on: no request');
      return send(request);
    };
    const spoken = JSON.stringify({ model: 'voice', input: 'Good morning', voice: 'alloy' });
    expect(await passed('speech', spoken, 'application/json', 'gpt-4o-mini-tts')).toMatchObject({ status: 200 });
    const form = [
      '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nears\r\n',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n--x--\r\n',
    ].join('');
    const heard = await passed('transcription', form, 'multipart/form-data; boundary=x', 'whisper-1');
    expect(JSON.parse(await readText(heard))).toMatchObject({ text: 'Good morning.' });
    await expect(passed('speech', '[]', 'application/json', 'm')).rejects.toThrow('invalid-request');
  });
});

describe('embeddings', () => {
  it('are read from base64 as from numbers, in the order of their index', () => {
    const bytes = Buffer.alloc(8);
    bytes.writeFloatLE(0.25, 0);
    bytes.writeFloatLE(-1.5, 4);
    const data = [
      { index: 1, embedding: bytes.toString('base64') },
      { index: 0, embedding: [1, 0] },
    ];
    expect(adapter.embeddings?.read({ data })).toEqual({
      vectors: [
        [1, 0],
        [0.25, -1.5],
      ],
      usage: undefined,
    });
  });

  it.each<[string, unknown]>([
    ['none', []],
    [
      'two with one index',
      [
        { index: 0, embedding: [1] },
        { index: 0, embedding: [1] },
      ],
    ],
    ['an index that is too high', [{ index: 2, embedding: [1] }]],
    ['words', [{ embedding: ['a'] }]],
    ['half a number', [{ embedding: 'AAA=' }]],
  ])('that hold %s are unreadable', (_, data) => {
    expect(() => adapter.embeddings?.read({ data } as Json)).toThrow('invalid-upstream-answer');
  });
});
