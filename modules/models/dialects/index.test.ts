import { describe, expect, it } from 'vitest';
import { EventFramer } from '../upstream/event-framer.ts';
import type { DialectName, Json } from './contract.ts';
import { answerChunks, dialects } from './index.ts';
import { chunk, delta, eventsOf, gather, readAll, writeAll } from './streams.fixture.ts';

const names = Object.keys(dialects) as DialectName[];
const pairs = names.flatMap((from) => names.map((to) => [from, to] as const));
const usage = {
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
  prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const call = (index: number, id: string | undefined, name: string | undefined, args: string) =>
  delta({
    tool_calls: [{ index, ...(id && { id, type: 'function' }), function: { ...(name && { name }), arguments: args } }],
  });
const stream: Json[] = [
  delta({ role: 'assistant', content: '' }),
  delta({ reasoning_content: 'Думаю 🤔' }),
  delta({ content: 'Привет 北京' }),
  call(0, 'call_a', 'find', '{"q":'),
  call(0, undefined, undefined, '"Пекин"}'),
  call(1, 'call_b', 'open', '{}'),
  chunk([{ index: 0, delta: {}, finish_reason: 'tool_calls' }]),
  chunk([], { usage }),
];
const answer = {
  text: 'Привет 北京',
  reasoning: 'Думаю 🤔',
  calls: [
    { id: 'call_a', name: 'find', arguments: '{"q":"Пекин"}' },
    { id: 'call_b', name: 'open', arguments: '{}' },
  ],
  finish: 'tool_calls',
  usage,
};

describe('dialects', () => {
  it.each(pairs)('a stream of %s is the same after a way through %s', (from, to) => {
    const first = eventsOf(writeAll(dialects[from], stream));
    const second = eventsOf(writeAll(dialects[to], readAll(dialects[from].createReader(), first)));
    expect(gather(readAll(dialects[to].createReader(), second))).toEqual(answer);
  });

  it.each(names)('a stream of %s tells its content, its characters, its count and its end by its events', (name) => {
    const events = eventsOf(writeAll(dialects[name], stream));
    let [characters, count, contents] = [0, undefined as ReturnType<typeof dialects.chat.readUsage>, 0];
    const meanings = events.map((event) => {
      const meaning = dialects[name].meaningOf(event, count);
      count = meaning?.usage ?? count;
      characters += meaning?.characters ?? 0;
      contents += meaning?.hasContent ? 1 : 0;
      return meaning;
    });
    // Reasoning, text, two names and two arguments.
    expect(characters).toBe([8, 9, 4, 4, 13, 2].reduce((sum, one) => sum + one, 0));
    expect(contents).toBeGreaterThanOrEqual(5);
    expect(count).toEqual({ input: 12, cached: 0, cacheWrite: 0, output: 5, reasoning: 1 });
    expect(meanings.filter((meaning) => meaning?.isEnd)).toHaveLength(1);
    expect(meanings.at(-1)?.isEnd).toBe(true);
    expect(meanings.some((meaning) => meaning?.isFinish)).toBe(true);
    expect(meanings.some((meaning) => meaning?.error)).toBe(false);
  });

  it.each(names)('a stream of %s holds the same events wherever it is cut, with any ends of lines', (name) => {
    const text = writeAll(dialects[name], stream);
    const events = eventsOf(text);
    expect(text).not.toContain('\uFFFD');
    for (const lines of [text, text.replaceAll('\n', '\r\n')]) {
      const bytes = Buffer.from(lines);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const framer = new EventFramer();
        const framed = [bytes.subarray(0, cut), bytes.subarray(cut)].flatMap((piece) => framer.push(piece));
        expect(framed.flatMap(({ event }) => event ?? [])).toEqual(events);
      }
    }
  });

  it.each(names)('an event of %s that is no JSON is passed on, and not read', (name) => {
    const event = { data: '{"type": "content_block_delta", "delta' };
    expect(dialects[name].meaningOf({ ...event })).toBeUndefined();
    expect(() => dialects[name].createReader().read({ ...event })).toThrow('invalid-upstream-answer');
  });

  it.each(pairs)('an answer of %s is the same as a stream of %s', (from, to) => {
    const blocks = ['Думаю', ' 🤔'].map((thinking) => ({ type: 'thinking', thinking, signature: 'c2ln' }));
    const message = {
      ...{ role: 'assistant', content: answer.text, reasoning_content: answer.reasoning },
      tool_calls: answer.calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
      x_anthropic: { thinking: blocks },
    };
    const original = {
      ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', usage },
      choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    };
    const written = dialects[from].writeAnswer(original as never, 'm');
    const text = writeAll(dialects[to], answerChunks(dialects[from].readAnswer(written)));
    const chunks = readAll(dialects[to].createReader(), eventsOf(text));
    expect(gather(chunks)).toEqual(answer);
    const thinking = chunks.map(({ choices: [choice] }) => (choice?.delta as Json | undefined)?.x_anthropic);
    expect(thinking.findLast(Boolean)).toEqual({ thinking: blocks });
  });

  it.each(pairs)('an answer of %s is the same after a way through %s', (from, to) => {
    const message = {
      role: 'assistant',
      content: answer.text,
      reasoning_content: answer.reasoning,
      tool_calls: answer.calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
    };
    const original = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
      usage,
    };
    const first = dialects[from].writeAnswer(original as never, 'm');
    const second = dialects[to].writeAnswer(dialects[from].readAnswer(first), 'm');
    const { choices, usage: counted } = dialects[to].readAnswer(second);
    expect(choices[0]).toMatchObject({ index: 0, message, finish_reason: 'tool_calls' });
    expect(counted).toEqual(usage);
    expect(dialects[to].readUsage(second)).toEqual({ input: 12, cached: 0, cacheWrite: 0, output: 5, reasoning: 1 });
  });
});
