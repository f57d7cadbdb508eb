import { describe, expect, it, onTestFinished } from 'vitest';
import { anthropicFailures, startAnthropicUpstream } from '../../../testing/providers/anthropic-upstream.ts';
import { readText, send } from '../../../testing/providers/send.ts';
import { messagesDialect } from '../../dialects/index.ts';
import { askAdapter, callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import type { Provider } from '../adapter.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createAnthropicAdapter } from './adapter.ts';

const SECRET = 'sk-ant-api03-0123456789';
const adapter = createAnthropicAdapter(messagesDialect);

async function open(options: Provider['options'] = {}) {
  const server = await startAnthropicUpstream(SECRET);
  return {
    adapter,
    server,
    provider: providerOf('anthropic', `${server.origin}/v1`, options),
    key: keyOf(SECRET),
    model: 'claude-sonnet-4-5',
    unknownModel: 'claude-9',
    can: { tools: true, vision: true, json: true, cached: true },
    failures: anthropicFailures,
    close: () => server.close(),
  };
}

describeAdapter('anthropic', () => open());

const chat = { messages: [{ role: 'user', content: 'By what day?' }] };

describe('the Anthropic adapter', () => {
  const start = async (options?: Provider['options']) => {
    const tested = await open(options);
    onTestFinished(tested.close);
    return tested;
  };

  it('counts what was read from a cache and written to one as parts of the prompt', async () => {
    const tested = await start();
    const turn = { text: 'Five.', usage: { input: 420, cached: 300, cacheWrite: 20, output: 7 } };
    tested.server.script(turn, turn);
    for (const stream of [false, true]) {
      const { usage } = await askAdapter(tested, messagesDialect, chat, { stream });
      expect(usage).toMatchObject({ input: 420, cached: 300, cacheWrite: 20, output: 7 });
    }
  });

  it('sends the version and the options of the provider, and nothing that only we know', async () => {
    const { provider } = await start({ auth: 'bearer', beta: 'context-1m-2025-08-07' });
    const call = callOf({ provider, key: keyOf('token'), model: 'm' });
    const request = await adapter.chat(messagesDialect, { ...chat, x_anthropic: {} }, call);
    expect(request.headers).toMatchObject({
      authorization: 'Bearer token',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'context-1m-2025-08-07',
    });
    expect(request.headers).not.toHaveProperty('x-api-key');
    expect(JSON.parse(String(request.body))).toEqual({ ...chat, model: 'm' });
  });

  it('says how long to wait, and what is wrong with a request', async () => {
    const tested = await start();
    tested.server.script({ reply: anthropicFailures['too many']?.[0] ?? {} });
    const limited = await askAdapter(tested, messagesDialect, chat);
    expect(limited.failure).toEqual({
      reason: 'rate-limited',
      status: 429,
      code: 'rate_limit_error',
      retryAfterMs: 12_000,
    });
    const request = await adapter.chat(messagesDialect, chat, callOf(tested));
    const response = await send(request);
    const failure = adapter.failureOf(response.status, response.headers, await readText(response));
    expect(failure).toEqual({
      reason: 'refused',
      status: 400,
      code: 'invalid_request_error',
      detail: 'max_tokens: Field required',
    });
  });

  it('finds an error in an answer whose status was 200', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    expect(adapter.failureIn?.({ type: 'error', error })).toMatchObject({ reason: 'overloaded', status: 529 });
    expect(adapter.failureIn?.({ type: 'message', content: [] })).toBeUndefined();
  });

  it('asks for a count with only what is counted', async () => {
    const tested = await start();
    const body = Buffer.from(JSON.stringify({ ...chat, model: 'standard', max_tokens: 9, stream: true }));
    const request = await adapter.pass?.('count-tokens', body, 'application/json', callOf(tested));
    if (!request) throw new Error('Count tokens: no request');
    expect(JSON.parse(await readText(await send(request)))).toEqual({ input_tokens: 77 });
  });
});
