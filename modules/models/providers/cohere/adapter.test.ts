import { describe, expect, it, onTestFinished } from 'vitest';
import { cohereFailures, startCohereUpstream } from '../../../testing/providers/cohere-upstream.ts';
import { readText, send } from '../../../testing/providers/send.ts';
import type { Json } from '../../dialects/contract.ts';
import { chatDialect } from '../../dialects/index.ts';
import { askAdapter, callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createCohereAdapter } from './adapter.ts';

const KEY = 'cohere-0123456789';
const adapter = createCohereAdapter(chatDialect);

async function open() {
  const server = await startCohereUpstream(KEY);
  return {
    adapter,
    server,
    provider: providerOf('cohere', `${server.origin}/compatibility/v1`),
    key: keyOf(KEY),
    model: 'command-a-03-2025',
    unknownModel: 'command-z',
    embeddingModel: 'embed-v4.0',
    can: { tools: true, vision: true, json: true, cached: true },
    failures: cohereFailures,
    close: () => server.close(),
  };
}

describeAdapter('cohere', open);

describe('the Cohere adapter', () => {
  const start = async () => {
    const tested = await open();
    onTestFinished(tested.close);
    return tested;
  };
  const chat = {
    messages: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'By what day?' },
    ],
  };

  it('leaves out what asks for nothing, and says the rest in its words', async () => {
    const tested = await start();
    const more = {
      n: 1,
      store: false,
      user: 'u',
      parallel_tool_calls: true,
      reasoning_effort: 'low',
      max_completion_tokens: 9,
    };
    expect((await askAdapter(tested, chatDialect, { ...chat, ...more })).failure).toBeUndefined();
    const { body } = tested.server.requests[0] ?? {};
    expect(body).toMatchObject({
      reasoning_effort: 'high',
      max_tokens: 9,
      messages: [{ role: 'system' }, { role: 'user' }],
    });
    expect(body).not.toHaveProperty('n');
  });

  it('lets Cohere refuse what it cannot do, unless it may be left out', async () => {
    const tested = await start();
    const body = { ...chat, n: 3, parallel_tool_calls: false, store: true };
    expect((await askAdapter(tested, chatDialect, body)).failure).toMatchObject({ reason: 'refused', status: 422 });
    const dropped: string[] = [];
    const call = { ...callOf(tested), drop: (name: string) => dropped.push(name) };
    expect((await askAdapter(tested, chatDialect, body, { call })).failure).toBeUndefined();
    expect(dropped).toEqual(['n', 'parallel_tool_calls', 'store']);
  });

  it('leaves what it does not know to Cohere, whatever its name', async () => {
    const unknown = JSON.parse('{"constructor": 1, "__proto__": 1}') as Json;
    const call = callOf({ provider: providerOf('cohere', 'https://c.example/v1'), key: keyOf(KEY), model: 'm' });
    const request = await adapter.chat(chatDialect, { ...chat, ...unknown }, call);
    expect(Object.keys(JSON.parse(String(request.body)))).toEqual(expect.arrayContaining(Object.keys(unknown)));
  });

  it('ranks at its own address', async () => {
    const tested = await start();
    const body = Buffer.from(JSON.stringify({ query: 'rent', documents: ['a', 'b'], top_n: 1, model: 'ranking' }));
    const call = { ...callOf(tested), model: 'rerank-v3.5' };
    const request = await adapter.pass?.('rerank', body, 'application/json', call);
    if (!request) throw new Error('Rerank: no request');
    expect(JSON.parse(await readText(await send(request)))).toMatchObject({
      results: [{ index: 0 }],
      meta: { billed_units: { search_units: 1 } },
    });
  });

  it('counts what is billed, where it says so', () => {
    const data = [{ index: 0, embedding: [1] }];
    const usage = { prompt_tokens: 9, total_tokens: 9 };
    const meta = { billed_units: { input_tokens: 7 } };
    expect(adapter.embeddings?.read({ data, usage, meta }).usage).toEqual({ input: 7, output: 0 });
    expect(adapter.embeddings?.read({ data, usage }).usage).toEqual({ input: 9, output: 0 });
  });
});
