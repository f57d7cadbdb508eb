import { describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse, type UpstreamReply } from '../../../modules/testing/upstream-server.ts';
import { chunks, completion } from '../gateway.fixture.ts';
import { caseScenes, hello, messageEvents } from './case-scene.fixture.ts';

const { scene } = await caseScenes();
const path = '/v1/chat/completions';
const stream = { ...hello, stream: true as const };
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const [role, word, end] = chunks(['Hi']) as [object, object, object];
const good = eventStream(sse(...chunks(['Good'])));
const overloaded = `event: error\n${sse({ error: { type: 'overloaded_error', message: 'secret words' } })}`;

/** Milliseconds that something took. */
async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const begun = performance.now();
  const result = await work();
  return { ms: performance.now() - begun, result };
}

describe('the count of a stream', () => {
  it('comes once from an upstream of Anthropic, without choices, after the finish', async () => {
    const { gateway, key, books } = await scene({ claude: [eventStream(messageEvents(['Hi']))] });
    const asked = { ...stream, model: 'claude', stream_options: { include_usage: true } };
    const seen: string[] = [];
    for await (const { choices, usage: counted } of await gateway.openai(key).chat.completions.create(asked)) {
      if (counted) {
        expect(choices).toEqual([]);
        expect(counted).toMatchObject({
          ...{ prompt_tokens: 420, completion_tokens: 7, total_tokens: 427 },
          prompt_tokens_details: { cached_tokens: 300 },
        });
      }
      seen.push(counted ? 'count' : choices[0]?.finish_reason ? 'finish' : 'content');
    }
    expect(seen.filter((what) => what === 'count')).toHaveLength(1);
    expect(seen.slice(-2)).toEqual(['finish', 'count']);
    // 100 new at 1 rouble, 20 written at 3, 300 read at 0.1, and 7 of the answer at 2.
    expect((await books(1)).cost).toBe(100 + 60 + 30 + 14);
  });

  it('that stood next to the finish is charged, and comes in the usual order', async () => {
    const { gateway, key, books } = await scene({ first: [eventStream(sse(role, word, { ...end, usage }, '[DONE]'))] });
    const asked = { ...stream, stream_options: { include_usage: true } };
    const seen: [number, number | undefined][] = [];
    for await (const part of await gateway.openai(key).chat.completions.create(asked))
      seen.push([part.choices.length, part.usage?.total_tokens]);
    expect(seen.map(([choices]) => choices)).toEqual([1, 1, 1, 0]);
    expect(seen.flatMap(([, counted]) => counted ?? [])).toEqual([15]);
    expect(seen.at(-1)).toEqual([0, 15]);
    expect(await books(1)).toMatchObject({ rows: [{ prompt: 10, completion: 5 }], cost: 20 });
  });

  it.each([
    ['says that nothing was cached', { ...usage, prompt_tokens_details: { cached_tokens: 0 } }, 0],
    ['says nothing of a cache', usage, undefined],
  ])('%s where the upstream does', async (_, counted, cached) => {
    const { gateway, key } = await scene({ first: [eventStream(sse(...chunks(['Hi'], counted)))] });
    const asked = { ...stream, stream_options: { include_usage: true } };
    const seen: unknown[] = [];
    for await (const part of await gateway.openai(key).chat.completions.create(asked))
      if (part.usage) seen.push(part.usage.prompt_tokens_details?.cached_tokens);
    expect(seen).toEqual([cached]);
  });
});

describe('an event that is malformed', () => {
  const text = `${sse(role, word)}data: {"choices":[{"del\n\n${sse(end, { ...end, choices: [], usage }, '[DONE]')}`;

  it('passes as it is in the same format, and the count behind it is charged', async () => {
    const { gateway, key, books } = await scene({ first: [eventStream(text)] });
    const response = await gateway.post(path, { ...stream, stream_options: { include_usage: true } }, key);
    expect(await response.text()).toBe(text);
    expect(await books(1)).toMatchObject({ rows: [{ outcome: 'done', prompt: 10, completion: 5 }] });
  });

  it('ends a stream in another format with an error that the client throws', async () => {
    const { gateway, key, books } = await scene({ first: [eventStream(text)] });
    const asked = gateway.anthropic(key).messages.stream({ ...hello, max_tokens: 9 });
    await expect(asked.finalMessage()).rejects.toThrow(/invalid_upstream_event/);
    expect(await books(1)).toMatchObject({ rows: [{ outcome: 'broken' }] });
  });
});

describe('an upstream that fails before content', () => {
  // A process remembers by itself which keys rest.
  const alone = { environment: {} };
  it.each<[string, UpstreamReply]>([
    ['is overloaded in the stream', eventStream(sse(role), overloaded)],
    ['has too many requests in the stream', eventStream(sse({ error: { code: 'rate_limit_exceeded' } }))],
    ['has too many requests at once', jsonReply({ error: { message: 'slow down' } }, 429)],
  ])('and %s gives way to the next, whose stream is clean', async (_, reply) => {
    const { gateway, key, first, second, books } = await scene({ first: [reply], second: [good] }, alone);
    const { data, response } = await gateway.openai(key).chat.completions.create(stream).withResponse();
    let text = '';
    for await (const { choices } of data) text += choices[0]?.delta.content ?? '';
    expect(text).toBe('Good');
    expect(response.headers.get('x-pandect-target')).toBe('second');
    expect(response.headers.get('x-pandect-attempts')).toBe('2');
    expect([first.visits.length, second.visits.length]).toEqual([1, 1]);
    expect((await books(2)).rows).toMatchObject([{ outcome: 'failed' }, { outcome: 'done', prompt: 10 }]);
  });

  it.each([
    [429, 429, { 'retry-after': '7' }],
    [503, 503, {}],
  ])('as all do is a real status, not a stream: %i', async (status, ours, headers) => {
    const second = [jsonReply({ error: { message: 'secret words' } }, status, headers)];
    const { gateway, key, idle } = await scene({ first: [eventStream(sse(role), overloaded)], second }, alone);
    for (const [at, body] of [
      [path, stream],
      ['/v1/messages', { ...stream, max_tokens: 9 }],
    ] as const) {
      const response = await gateway.post(at, body, key);
      const text = await response.text();
      // The second request may find the keys resting after a 429.
      expect([at, response.status]).toEqual([at, at === path ? ours : expect.toBeOneOf([429, 503])]);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(text).not.toContain('secret');
    }
    await idle();
  });
});

it.each([
  ['/v1/chat/completions', {}],
  ['/v1/messages', { max_tokens: 9 }],
])('an overload after content ends a stream of %s with that error, and counts against the target', async (at, body) => {
  const { gateway, key, second, books } = await scene({ first: [eventStream(sse(role, word), overloaded)] });
  const text = await (await gateway.post(at, { ...stream, ...body }, key)).text();
  expect(text).toContain('overloaded_error');
  expect(text).not.toMatch(/secret|\[DONE\]|message_stop/);
  expect(second.visits).toHaveLength(0);
  expect((await books(1)).rows).toMatchObject([{ outcome: 'broken' }]);
});

describe('time', () => {
  it.each([
    ['nothing', { headersAfterMs: 5_000 }],
    ['a role', eventStream(sse(role), 'hang' as const)],
  ])('for the first token is over for an upstream that sent %s, and the next is asked', async (_, reply) => {
    const options = { provider: { timeouts: { first: '400ms' } } };
    const { gateway, key, first } = await scene({ first: [reply], second: [good] }, options);
    const { ms, result } = await timed(async () => (await gateway.post(path, stream, key)).text());
    expect(result).toContain('Good');
    expect(ms).toBeGreaterThanOrEqual(400);
    expect(ms).toBeLessThan(1_500);
    await expect.poll(() => first.visits[0]?.closedAt).toBeDefined();
  });

  it('without a byte ends a stream that began, closes its connection, and charges what came', async () => {
    const { gateway, key, first, books } = await scene(
      { first: [eventStream(sse(role, word), 'hang')] },
      { provider: { timeouts: { idle: '400ms' } } },
    );
    const { ms, result } = await timed(async () => (await gateway.post(path, stream, key)).text());
    expect(result).toMatch(/data: \{"error":.*\}\n\n$/);
    expect(ms).toBeLessThan(1_500);
    await expect.poll(() => first.visits[0]?.closedAt).toBeDefined();
    expect((await books(1)).rows).toMatchObject([{ outcome: 'broken' }]);
  });
});

describe('whole answers', () => {
  it('that break off are asked of the next target: two rows of one request, each by its own price', async () => {
    const body = JSON.stringify(completion('Hi'));
    const broken = { headers: { 'content-type': 'application/json' }, steps: [body.slice(0, 40), 'cut' as const] };
    const { gateway, key, books } = await scene({ first: [broken] });
    const response = await gateway.post(path, hello, key);
    expect([response.status, response.headers.get('x-pandect-attempts')]).toEqual([200, '2']);
    const { rows, cost } = await books(2);
    expect(rows).toMatchObject([
      { outcome: 'failed', attempt: 1, model: 'first', cost: '0.00000000' },
      { outcome: 'done', attempt: 2, model: 'second', cost: '50.00000000' },
    ]);
    expect(new Set(rows.map(({ request }) => request)).size).toBe(1);
    expect(cost).toBe(50);
  });

  it('with several choices are refused where the provider gives one', async () => {
    const { gateway, key, claude, books } = await scene({});
    for (const body of [hello, stream])
      await expect(
        gateway.openai(key).chat.completions.create({ ...body, model: 'claude', n: 3 }),
      ).rejects.toMatchObject({ status: 400, param: 'n' });
    expect(claude.visits).toHaveLength(0);
    expect((await books(0)).cost).toBe(0);
  });
});

describe('a response', () => {
  const response = (status: string, counted: object | null) => ({
    ...{ id: 'resp_1', object: 'response', created_at: 1, status, model: 'small', error: null, output: [] },
    usage: counted,
  });
  const events = (type: string, last: object) =>
    [
      { type: 'response.created', sequence_number: 0, response: response('in_progress', null) },
      {
        type: 'response.output_text.delta',
        sequence_number: 1,
        item_id: 'm',
        output_index: 0,
        content_index: 0,
        delta: 'Hi',
      },
      { type, sequence_number: 2, response: last },
    ]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join('');

  it('that is incomplete is charged as it was counted', async () => {
    const counted = { input_tokens: 8, output_tokens: 4, total_tokens: 12 };
    const last = { ...response('incomplete', counted), incomplete_details: { reason: 'max_output_tokens' } };
    const { gateway, key, books } = await scene({ first: [eventStream(events('response.incomplete', last))] });
    const asked = { model: 'default', input: 'Hello', stream: true as const };
    const seen: string[] = [];
    for await (const { type } of await gateway.openai(key).responses.create(asked)) seen.push(type);
    expect(seen.at(-1)).toBe('response.incomplete');
    expect(await books(1)).toMatchObject({ rows: [{ prompt: 8, completion: 4 }], cost: 16 });
  });

  it('that failed before it said anything is given back', async () => {
    const failed = { ...response('failed', null), error: { code: 'server_error', message: 'secret words' } };
    const event = { type: 'response.failed', sequence_number: 0, response: failed };
    const reply = eventStream(`event: response.failed\ndata: ${JSON.stringify(event)}\n\n`);
    const { gateway, key, books } = await scene({ first: [reply], second: [reply] });
    const asked = await gateway.post('/v1/responses', { model: 'default', input: 'Hello', stream: true }, key);
    expect(await asked.text()).not.toContain('secret');
    expect(asked.status).toBe(502);
    expect((await books(2)).cost).toBe(0);
  });
});
