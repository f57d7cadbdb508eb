import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, sse } from '../../testing/upstream-server.ts';
import { chunk, delta } from '../dialects/streams.fixture.ts';
import {
  answerCutInTurn,
  askAtEachCut,
  createWorld,
  cutInTurn,
  otherDialect,
  textOf,
  type World,
} from './exchange.fixture.ts';
import { count, finish, text, usage, whole, words } from './sample-stream.fixture.ts';

let world: World;
afterEach(() => world.close());

/** What a reader of the stream sees. */
function contentOf(stream: string): string {
  return stream
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? '')
    .join('');
}

describe('a stream in the format of the upstream', () => {
  it.each([
    ['LF', whole],
    ['CRLF', whole.replaceAll('\n', '\r\n')],
    ['a mixture', whole.replaceAll('\n\n', '\r\n\n')],
  ])('passes byte by byte as it is, with %s, cut at every byte', async (_, stream) => {
    world = await createWorld([[{}]], { adapter: answerCutInTurn(stream) });
    const answers = await askAtEachCut(world, stream);
    // The last line feed after a carriage return is not waited for.
    expect(new Set(answers.map((answer) => answer.replace(/\r$/, '\r\n')))).toEqual(new Set([stream]));
    const report = expect.objectContaining({ outcome: 'done', usage: { input: 12, output: 5 }, status: 200 });
    expect(world.reports).toEqual(answers.map(() => report));
    expect(world.memory.ends.every(({ outcome }) => outcome === 'success')).toBe(true);
    expect(world.memory.inUse()).toBe(0);
  });

  it('passes in pieces of the network of any size, over connections that are used again', async () => {
    world = await createWorld([cutInTurn(whole)]);
    expect(new Set(await askAtEachCut(world, whole))).toEqual(new Set([whole]));
    expect(await world.servers[0]?.connections()).toBeLessThanOrEqual(8);
  });

  it('has no count for a caller who does not ask, and is counted all the same', async () => {
    world = await createWorld([[eventStream(whole)]]);
    const answer = await textOf(await world.ask({ includeUsage: false }));
    expect(answer).toBe(sse(...words, finish, '[DONE]'));
    expect(world.reports).toMatchObject([{ usage: { input: 12, output: 5 } }]);
    expect(JSON.parse(String(world.servers[0]?.visits[0]?.body))).toMatchObject({
      model: 'model-t1',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('has one count where it stood next to the finish', async () => {
    const counted = delta({}, { finish_reason: 'stop' });
    world = await createWorld([[eventStream(sse(...words, { ...counted, usage }, '[DONE]'))]]);
    const answer = await textOf(await world.ask());
    const chunks = answer.split('\n\n').filter((line) => line.startsWith('data: {'));
    const counts = chunks.map((line) => JSON.parse(line.slice(6)));
    expect(counts.at(-1)).toMatchObject({ choices: [], usage });
    expect(counts.filter((each) => each.usage)).toHaveLength(1);
    expect(counts.at(-2)).toEqual({ ...counted, usage: null });
    expect(answer.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 } }]);
  });

  it('takes the last count of several', async () => {
    const counting = words.map((word, index) => ({ ...word, usage: { ...usage, completion_tokens: index } }));
    world = await createWorld([[eventStream(sse(...counting, finish, count, '[DONE]'))]]);
    const uncounted = words.map((word) => ({ ...word, usage: null }));
    expect(await textOf(await world.ask())).toBe(sse(...uncounted, finish, count, '[DONE]'));
    expect(world.reports).toMatchObject([{ usage: { input: 12, output: 5 } }]);
  });

  it('counts characters where the upstream counts nothing', async () => {
    const call = delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'find', arguments: '{"q":1}' } }] });
    const escaped = 'data: {"choices":[{"delta":{"content":"\\u0041\\n\\"🙂"}}]}\n\n';
    world = await createWorld([
      [eventStream(sse(...words), sse(delta({ reasoning_content: 'hm' }), call), escaped, sse(finish, '[DONE]'))],
    ]);
    await textOf(await world.ask());
    expect(world.reports).toMatchObject([
      { outcome: 'done', usage: undefined, characters: text.length + 2 + 4 + 7 + 5 },
    ]);
  });

  it('keeps comments from the caller, and what stands next to them in one piece of the network', async () => {
    world = await createWorld([
      [
        eventStream(
          `: PROCESSING\n\n${sse(...words)}: more\n\n: and\ndata: ${JSON.stringify(finish)}\n\n${sse('[DONE]')}`,
        ),
      ],
    ]);
    const answer = await textOf(await world.ask());
    expect(contentOf(answer)).toBe(text);
    expect(answer).not.toContain('PROCESSING');
    expect(answer.endsWith(sse('[DONE]'))).toBe(true);
  });

  it('passes chunks without choices and choices without a delta', async () => {
    const azure = [chunk([], { model: '', prompt_filter_results: [{}] }), chunk([{ index: 0, finish_reason: null }])];
    const stream = sse(...azure, ...words, finish, count, '[DONE]');
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(stream);
  });

  it('passes an event that is malformed, and counts what comes later', async () => {
    const stream = `${sse(...words)}data: {"choices":[{"del\n\n${sse(finish, count, '[DONE]')}`;
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(stream);
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 }, malformed: 1 }]);
  });

  it.each([
    ['before content', `data: {"choices":[\n\n${whole}`, 1],
    ['with a count', whole.replace(sse(count), `data: {"usage":{"prompt\n\n${sse(count)}`), 1],
    ['in lines of its own', whole.replace(sse(finish), `data: {"id":\r\n\r\ndata: no\n\n${sse(finish)}`), 2],
    [
      'that are comments, or end with other fields',
      whole.replace(sse(finish), `: hi\n\n${sse(finish).trim()}\nid: 7\n\n`),
      0,
    ],
  ])('counts events that are malformed %s', async (_, stream, malformed) => {
    world = await createWorld([[eventStream(stream)]]);
    await textOf(await world.ask());
    expect(world.reports).toMatchObject([{ outcome: 'done', malformed }]);
  });

  it('passes events of 200 kB', async () => {
    const long = 'ж'.repeat(100_000);
    const stream = sse(delta({ content: long }), delta({ content: long }), finish, count, '[DONE]');
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(stream);
  });

  it('is decoded when the upstream encodes it all the same', async () => {
    world = await createWorld([[{ ...eventStream(sse(...words), sse(finish, count, '[DONE]')), encoding: 'gzip' }]]);
    expect(await textOf(await world.ask())).toBe(whole);
  });

  it.each([
    ['ends after the finish', sse(...words, finish, count)],
    ['ends without a blank line', whole.slice(0, -2)],
  ])('is complete when the upstream %s', async (_, stream) => {
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(whole);
    expect(world.reports).toMatchObject([{ outcome: 'done' }]);
  });

  it('does not wait for a connection that stays open after the end', async () => {
    world = await createWorld([[eventStream(whole, 'hang')]]);
    expect(await textOf(await world.ask())).toBe(whole);
    await world.servers[0]?.visits[0]?.ended;
    expect(world.reports).toMatchObject([{ outcome: 'done' }]);
  });
});

describe('a stream in another format', () => {
  it('holds the same text and count, cut at every byte', async () => {
    const stream = sse(...words, finish, count, '[DONE]').replaceAll('\n', '\r\n');
    world = await createWorld([[{}]], { adapter: answerCutInTurn(stream) });
    const answers = await askAtEachCut(world, stream, { dialect: otherDialect });
    const [answer = ''] = answers;
    expect(new Set(answers)).toEqual(new Set([answer]));
    expect(contentOf(answer)).toBe(text);
    expect(answer.endsWith(sse('[DONE]'))).toBe(true);
    const report = { outcome: 'done', usage: { input: 12, output: 5 }, characters: text.length };
    expect(world.reports).toEqual(answers.map(() => expect.objectContaining(report)));
  });

  it('ends with an error at an event that is malformed', async () => {
    const stream = `${sse(...words)}data: {"choices":[{"del\n\n${sse(finish, '[DONE]')}`;
    world = await createWorld([[eventStream(stream)]]);
    const answer = await textOf(await world.ask({ dialect: otherDialect }));
    expect(contentOf(answer)).toBe(text);
    expect(answer).toContain('invalid_upstream_event');
    expect(answer).not.toContain('[DONE]');
    expect(world.reports).toMatchObject([{ outcome: 'broken', characters: text.length }]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'failure' }]);
  });
});
