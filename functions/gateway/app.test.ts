import { describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { chunks, completion, gatewayScene } from './gateway.fixture.ts';

const { mine, withUpstream, keyFor } = await gatewayScene();
const hello = { model: 'default', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('POST /v1/chat/completions', () => {
  it('answers the official client of OpenAI, and charges what the upstream counted', async () => {
    const { upstream, gateway } = await withUpstream([jsonReply(completion('Hi there'))]);
    const key = await keyFor(mine.owner);
    const { data, response } = await gateway.openai(key).chat.completions.create(hello).withResponse();
    expect(data.choices[0]?.message.content).toBe('Hi there');
    expect(response.headers.get('x-pandect-target')).toBe('small');
    expect(response.headers.get('x-pandect-attempts')).toBe('1');
    expect(response.headers.get('x-pandect-cost')).toBe('20.00000000');
    expect(JSON.parse(upstream.visits[0]?.body.toString() ?? '')).toMatchObject({
      model: 'small',
      messages: hello.messages,
    });
    expect(upstream.visits[0]?.headers.authorization).toBe('Bearer sk-of-the-platform');
  });

  it('streams to it, without the count that it did not ask for', async () => {
    const { gateway } = await withUpstream([eventStream(sse(...chunks(['При', 'вет'])))]);
    const stream = await gateway.openai(mine.owner).chat.completions.create({ ...hello, stream: true });
    const parts: string[] = [];
    for await (const chunk of stream) {
      expect(chunk.usage ?? null).toBeNull();
      parts.push(chunk.choices[0]?.delta.content ?? '');
    }
    expect(parts.join('')).toBe('Привет');
  });
});
