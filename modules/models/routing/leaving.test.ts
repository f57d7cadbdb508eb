import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse } from '../../testing/upstream-server.ts';
import { delta } from '../dialects/streams.fixture.ts';
import type { BegunAnswer } from './contract.ts';
import { bodyOf, createWorld, otherDialect, textOf, type World } from './exchange.fixture.ts';

let world: World;
afterEach(() => world.close());

const word = sse(delta({ content: 'yes' }));

/** Leaves after `ms`. */
const leavingAfter = (ms: number) => {
  const caller = new AbortController();
  setTimeout(() => caller.abort(new Error('left')), ms);
  return caller.signal;
};

async function closedWithin(ms: number, index = 0): Promise<void> {
  const left = performance.now();
  const visit = world.servers[index]?.visits.at(-1);
  await visit?.ended;
  expect(visit?.closedAt).toBeDefined();
  expect((visit?.closedAt ?? 0) - left).toBeLessThan(ms);
}

describe('a caller that leaves', () => {
  it.each([
    ['a stream before its headers', true, { headersAfterMs: 10_000 }],
    ['a stream before its first token', true, eventStream('hang')],
    ['a whole answer', false, { headersAfterMs: 10_000 }],
    ['the middle of a whole answer', false, { steps: ['{"choices"', 'hang' as const] }],
  ])('during %s closes the connection at once, and counts against no target', async (_, stream, reply) => {
    world = await createWorld([[reply], [eventStream(word)]]);
    const caller = new AbortController();
    const asked = world.ask({ stream, body: bodyOf(stream), signal: caller.signal });
    while (world.servers[0]?.visits.length === 0) await sleep(5);
    await sleep(50);
    caller.abort(new Error('left'));
    await expect(asked).rejects.toThrow('left');
    await closedWithin(1_000);
    expect(world.reports).toMatchObject([{ outcome: 'failed', code: 'cancelled', characters: 0, usage: undefined }]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'abandoned' }]);
    expect([world.memory.inUse(), world.servers[1]?.visits.length]).toEqual([0, 0]);
  });

  it.each([
    ['by its signal', true],
    ['by destroying the answer', false],
  ])('in the middle of a stream, %s, closes the connection at once', async (_, bySignal) => {
    world = await createWorld([[eventStream(word, word, 'hang')]]);
    const caller = new AbortController();
    const { bytes } = (await world.ask({ signal: caller.signal })) as BegunAnswer;
    await once(bytes, 'data');
    bytes.on('error', () => {});
    if (bySignal) caller.abort();
    else bytes.destroy();
    await closedWithin(1_000);
    while (world.memory.inUse() > 0) await sleep(5);
    expect(bytes.destroyed).toBe(true);
    expect(world.reports).toMatchObject([{ outcome: 'broken', code: 'cancelled' }]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'abandoned' }]);
  });

  it('right after the last byte is charged for all of it', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 1 };
    world = await createWorld([
      [eventStream(word + sse({ ...delta({}, { finish_reason: 'stop' }), usage }, '[DONE]'))],
    ]);
    const { bytes } = (await world.ask()) as BegunAnswer;
    await once(bytes, 'data');
    bytes.destroy();
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 7, output: 1 } }]);
  });

  it('before it asks has asked nothing', async () => {
    world = await createWorld([[eventStream(word)]]);
    await expect(world.ask({ signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
    await expect(world.ask({ signal: AbortSignal.abort(new Error('left')), stream: false })).rejects.toThrow('left');
    expect([world.servers[0]?.visits.length, world.memory.inUse()]).toEqual([0, 0]);
  });

  it('a thousand times leaves nothing behind', async () => {
    const replies = [{ headersAfterMs: 10_000 }, eventStream('hang'), eventStream(word, 'hang'), jsonReply({}, 500)];
    let turn = 0;
    world = await createWorld([() => replies[turn++ % replies.length] ?? {}], { breaker: { failures: 1e9 } });
    for (let round = 0; round < 20; round += 1) {
      const calls = Array.from({ length: 50 }, async (_, index) => {
        const answer = await world.ask({ signal: leavingAfter(20), stream: index % 4 !== 3 });
        await textOf(answer);
      });
      await Promise.allSettled(calls);
    }
    expect(world.reports.length).toBeGreaterThan(500);
    expect(world.memory.inUse()).toBe(0);
    // Each connection was closed, or its answer is complete.
    await Promise.all(world.servers[0]?.visits.map(({ ended }) => ended) ?? []);
    expect(await world.servers[0]?.connections()).toBeLessThanOrEqual(64);
  });
});

describe('a request', () => {
  it('is let go of when its answer has begun', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    world = await createWorld([[eventStream(word, 'hang')]]);
    const begin = async () => {
      const body = { ...bodyOf(true), user: 'x'.repeat(1_000_000) };
      return { answer: await world.ask({ body }), reference: new WeakRef(body) };
    };
    const { answer, reference } = await begin();
    for (let n = 0; n < 20 && reference.deref(); n += 1) {
      await sleep(10);
      collect();
    }
    expect(reference.deref()).toBeUndefined();
    if (answer.kind === 'begun') answer.bytes.destroy();
  });
});

describe('a caller that reads slowly', () => {
  it.each([
    ['the same format', undefined],
    ['another format', otherDialect],
  ])('of %s stops the upstream, whose time stands still, and takes no memory', async (_, dialect) => {
    const event = sse(delta({ content: 'x'.repeat(900) }));
    const times = Math.ceil(50_000_000 / event.length);
    world = await createWorld(
      [[eventStream({ bytes: event, times }, sse(delta({}, { finish_reason: 'stop' }), '[DONE]'))]],
      {
        target: { timeouts: { idleMs: 300 } },
      },
    );
    const { bytes } = (await world.ask(dialect && { dialect })) as BegunAnswer;
    globalThis.gc?.();
    const before = process.memoryUsage();
    for (let second = 0; second < 30; second += 1) {
      bytes.read(100);
      await sleep(50);
    }
    globalThis.gc?.();
    const after = process.memoryUsage();
    expect(after.external + after.heapUsed - before.external - before.heapUsed).toBeLessThan(10_000_000);
    // The server shares this process: what it has sent stands in the buffers of the sockets.
    expect(world.servers[0]?.visits[0]?.sent).toBeLessThan(12_000_000);
    let read = 0;
    for await (const piece of bytes) read += piece.length;
    expect(read).toBeGreaterThan(49_000_000);
    expect(world.reports).toMatchObject([{ outcome: 'done', characters: times * 900 }]);
  });
});
