import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, jsonReply } from '../../testing/upstream-server.ts';
import { messagesDialect } from '../dialects/index.ts';
import { anthropic, openai } from '../dialects/streams.fixture.ts';
import { createWorld, textOf, type World } from './exchange.fixture.ts';
import { text, usage, whole } from './sample-stream.fixture.ts';

let world: World;
afterEach(() => world.close());

describe('an answer of JSON in place of a stream', () => {
  const message = { role: 'assistant', content: text, refusal: null };
  const head = { id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'gpt-x' };
  const completion = { ...head, choices: [{ index: 0, message, finish_reason: 'stop' }], usage };

  it.each([true, false])(
    'becomes one in the same format, with a count where the caller asks: %s',
    async (includeUsage) => {
      world = await createWorld([[jsonReply(completion)]]);
      const stream = await textOf(await world.ask({ includeUsage }));
      expect(stream.endsWith('data: [DONE]\n\n')).toBe(true);
      const read = openai({ body: stream }).chat.completions.stream({ model: 'x', messages: [] });
      const { choices, usage: counted } = await read.finalChatCompletion();
      expect(choices).toMatchObject([{ message: { content: text }, finish_reason: 'stop' }]);
      expect(counted ?? undefined).toEqual(includeUsage ? usage : undefined);
      expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 }, model: 'gpt-x' }]);
      expect(world.memory.ends).toMatchObject([{ outcome: 'success' }]);
    },
  );

  it('becomes one in another format', async () => {
    world = await createWorld([[jsonReply(completion)]]);
    const body = { model: 'default', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi' }] };
    const stream = await textOf(await world.ask({ dialect: messagesDialect, body }));
    expect(
      await anthropic({ body: stream })
        .messages.stream(body as never)
        .finalMessage(),
    ).toMatchObject({
      ...{ content: [{ type: 'text', text }], stop_reason: 'end_turn' },
      usage: { input_tokens: 12, output_tokens: 5 },
    });
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 } }]);
  });

  it('is counted by its characters where the upstream counts nothing', async () => {
    const { usage: _, ...uncounted } = completion;
    world = await createWorld([[jsonReply(uncounted)]]);
    await textOf(await world.ask());
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: undefined, characters: text.length }]);
  });

  it('that is no answer goes to the next target', async () => {
    world = await createWorld([[jsonReply({ hello: 'world' })], [eventStream(whole)]]);
    expect(await textOf(await world.ask())).toBe(whole);
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { outcome: 'done' }]);
  });
});
