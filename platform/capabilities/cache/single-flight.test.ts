import { describe, expect, it } from 'vitest';
import { resultOf } from '../../kernel/result-of.ts';
import { testRedis } from '../../testing/redis.ts';
import { createSingleFlight, type SingleFlight } from './single-flight.ts';

const { redis, away } = await testRedis();
const signal = new AbortController().signal;

/** Something that is made once, and how often it was. */
function thing() {
  let kept: string | undefined;
  let made = 0;
  const gate = Promise.withResolvers<void>();
  const options = {
    signal,
    find: async () => kept,
    async *work() {
      made++;
      yield 'begun';
      await gate.promise;
      kept = 'it';
      return kept;
    },
  };
  return { options, open: () => gate.resolve(), times: () => made };
}
const prefix = () => `test-${crypto.randomUUID()}`;

describe('a single flight', () => {
  it.each([
    ['in one process', (one: SingleFlight) => [one, one, one]],
    ['over processes', (one: SingleFlight, ...others: SingleFlight[]) => [one, ...others]],
  ])('does the work once for all who come in the meantime, %s', async (_, choose) => {
    const shared = prefix();
    const [first, ...others] = Array.from({ length: 3 }, () => createSingleFlight(redis, shared));
    const { options, open, times } = thing();
    const runs = choose(first as SingleFlight, ...others).map((flight) => resultOf(flight.run('key', options)));
    await expect.poll(times).toBe(1);
    open();
    const outcomes = await Promise.all(runs);
    expect(outcomes.filter((outcome) => 'made' in outcome)).toHaveLength(1);
    expect(outcomes.filter((outcome) => 'found' in outcome)).toEqual([{ found: 'it' }, { found: 'it' }]);
    expect(times()).toBe(1);
    expect(await redis.exists(`${shared}:flight:key`)).toBe(0);
  });

  it('does not do again what was done between the look and the lock', async () => {
    const found = [undefined, 'it'];
    const { options, times } = thing();
    const run = createSingleFlight(redis, prefix()).run('key', { ...options, find: async () => found.shift() });
    expect(await resultOf(run)).toEqual({ found: 'it' });
    expect(times()).toBe(0);
  });

  it('has its lock though it heard of that too late', async () => {
    const shared = prefix();
    let late = true;
    const busy = {
      eval: async (...call: Parameters<typeof redis.eval>) => {
        const answer = await redis.eval(...call);
        if (late) {
          late = false;
          throw new Error('Command timed out');
        }
        return answer;
      },
    } as Partial<typeof redis> as typeof redis;
    const { options, open, times } = thing();
    const first = resultOf(createSingleFlight(busy, shared).run('key', options));
    await expect.poll(times).toBe(1);
    const second = resultOf(createSingleFlight(redis, shared).run('key', options));
    open();
    expect([await first, await second]).toEqual([{ made: 'it' }, { found: 'it' }]);
  });

  it('continues to the next one when the first one fails', async () => {
    const flight = createSingleFlight(redis, prefix());
    const { options, open, times } = thing();
    const failing = resultOf(
      flight.run('key', {
        ...options,
        // biome-ignore lint/correctness/useYield: it fails before its first event
        async *work() {
          throw new Error('no');
        },
      }),
    );
    const next = resultOf(flight.run('key', options));
    await expect(failing).rejects.toThrow('no');
    open();
    expect(await next).toEqual({ made: 'it' });
    expect(times()).toBe(1);
  });

  it('passes on what the work yields, and is the next one when its reader leaves', async () => {
    const shared = prefix();
    const [flight, elsewhere] = [createSingleFlight(redis, shared), createSingleFlight(redis, shared)];
    const { options, open, times } = thing();
    const left = flight.run('key', options);
    expect(await left.next()).toEqual({ value: 'begun', done: false });
    const next = resultOf(elsewhere.run('key', options));
    await left.return({ made: '' });
    open();
    expect(await next).toEqual({ made: 'it' });
    expect(times()).toBe(2);
  });

  it('lets who waits leave', async () => {
    const shared = prefix();
    const [flight, elsewhere] = [createSingleFlight(redis, shared), createSingleFlight(redis, shared)];
    const { options, open, times } = thing();
    const first = resultOf(flight.run('key', options));
    await expect.poll(times).toBe(1);
    const controller = new AbortController();
    const waiting = [flight, elsewhere].map((one) =>
      resultOf(one.run('key', { ...options, signal: controller.signal })),
    );
    controller.abort(new Error('left'));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    open();
    expect(await first).toEqual({ made: 'it' });
  });

  it('does not give back a lock that another process has taken over', async () => {
    const shared = prefix();
    const { options, open, times } = thing();
    const run = resultOf(createSingleFlight(redis, shared).run('key', options));
    await expect.poll(times).toBe(1);
    await redis.set(`${shared}:flight:key`, 'somebody else');
    open();
    await run;
    expect(await redis.get(`${shared}:flight:key`)).toBe('somebody else');
  });

  it('is one for each process while Redis is unavailable', async () => {
    const flight = createSingleFlight(away, prefix());
    const { options, open, times } = thing();
    const runs = [resultOf(flight.run('key', options)), resultOf(flight.run('key', options))];
    await expect.poll(times).toBe(1);
    open();
    expect((await Promise.all(runs)).filter((outcome) => 'made' in outcome)).toHaveLength(1);
  });
});
