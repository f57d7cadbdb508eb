import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { createRedis, type Redis } from '../../../platform/capabilities/redis.ts';
import type { Problem } from '../../../platform/kernel/problem.ts';
import { ownRedis } from '../../../platform/testing/own-redis.ts';
import { NO_REDIS_URL } from '../../../platform/testing/redis.ts';
import { createCallPlaces } from './call-places.ts';
import { patientRedis } from './state-process.fixture.ts';
import type { CallerLimits, CallPlace, CallPlaces } from './upstream-state.ts';

const { redisUrl } = inject('services');
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function connected(): Promise<Redis> {
  const redis = await patientRedis(redisUrl);
  open.push(() => redis.disconnect());
  return redis;
}
type Options = Partial<Omit<Parameters<typeof createCallPlaces>[0], 'redis' | 'concurrent'>> & { concurrent?: number };
function placesOf(redis: Redis, { prefix = `test-${crypto.randomUUID()}`, concurrent = 200, ...more }: Options) {
  const places = createCallPlaces({ redis, prefix, concurrent: () => concurrent, ...more });
  open.push(() => places.close());
  return places;
}
/** As several processes have them. */
async function three(options: Options = {}): Promise<CallPlaces[]> {
  const prefix = `test-${crypto.randomUUID()}`;
  return Promise.all([1, 2, 3].map(async () => placesOf(await connected(), { prefix, ...options })));
}
const caller = (more: Partial<CallerLimits> = {}): CallerLimits => ({
  ...{ caller: 'key one', concurrency: undefined, rpm: undefined },
  ...more,
});
async function rush(over: CallPlaces[], limits: CallerLimits, times: number) {
  const taken = await Promise.allSettled(
    Array.from({ length: times }, (_, turn) => (over[turn % over.length] as CallPlaces).take(limits)),
  );
  return {
    places: taken.filter((one) => one.status === 'fulfilled').map(({ value }) => value),
    problems: taken.filter((one) => one.status === 'rejected').map(({ reason }) => reason as Problem),
  };
}
const release = async (places: CallPlace[]) => {
  for (const place of places) place.release();
  await sleep(100);
};

describe('places of calls', () => {
  it('are as many at once over all processes as the gateway has', async () => {
    const processes = await three({ concurrent: 10 });
    const { places, problems } = await rush(processes, caller(), 60);
    expect(places).toHaveLength(10);
    for (const problem of problems) {
      expect(problem).toMatchObject({ type: 'too-many-calls-at-once', parameters: { limit: 10 } });
      expect(problem.headers).toEqual({ 'retry-after': '1' });
    }
    await release(places.slice(0, 4));
    places[0]?.release();
    expect((await rush(processes, caller({ caller: 'user two' }), 60)).places).toHaveLength(4);
  });

  it('are as many at once as a caller may have, and leave those of others', async () => {
    const processes = await three();
    const two = caller({ concurrency: 2 });
    const { places, problems } = await rush(processes, two, 9);
    expect([places.length, problems[0]?.parameters]).toEqual([2, { limit: 2 }]);
    expect((await rush(processes, caller({ caller: 'key two', concurrency: 2 }), 9)).places).toHaveLength(2);
    await release(places);
    expect((await rush(processes, two, 9)).places).toHaveLength(2);
  });

  it('are as many a minute as a caller may have, which is said', async () => {
    const processes = await three();
    const limits = caller({ rpm: 6 });
    const [first] = processes as [CallPlaces];
    const { requests } = await first.take(limits);
    expect(requests).toMatchObject({ limit: 6, remaining: 5 });
    expect(requests?.resetMs).toBeGreaterThan(9_000);
    expect(requests?.resetMs).toBeLessThanOrEqual(10_000);
    const { places, problems } = await rush(processes, limits, 30);
    expect(places.map((place) => place.requests?.remaining).toSorted()).toEqual([0, 1, 2, 3, 4]);
    for (const problem of problems) expect(problem.type).toBe('rate-limited');
    const seconds = Number(problems[0]?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThanOrEqual(10);
    expect((await first.take(caller({ caller: 'key two' }))).requests).toBeUndefined();
  });

  it('count no call that was refused against the minute', async () => {
    const processes = await three({ concurrent: 1 });
    const limits = caller({ rpm: 3 });
    for (let turn = 0; turn < 3; turn += 1) {
      const { places } = await rush(processes, limits, 5);
      expect(places).toHaveLength(1);
      await release(places);
    }
    await expect(processes[0]?.take(limits)).rejects.toMatchObject({ type: 'rate-limited' });
  });

  it('that end at the same time leave in one command, and at once when the process closes', async () => {
    const redis = await connected();
    const places = placesOf(redis, { concurrent: 4 });
    const limits = caller({ concurrency: 3 });
    const taken = await Promise.all([1, 2, 3].map(() => places.take(limits)));
    const zrem = vi.spyOn(redis, 'zrem');
    await release(taken);
    // One of all calls, one of the caller's.
    expect(zrem.mock.calls.map(([, ...leases]) => leases.length)).toEqual([3, 3]);
    const [last] = await Promise.all([1, 2, 3].map(() => places.take(limits)));
    last?.release();
    expect(zrem).toHaveBeenCalledTimes(2);
    places.close();
    expect(zrem).toHaveBeenCalledTimes(4);
  });

  it('end with the leases of a process that renews them no more', async () => {
    const prefix = `test-${crypto.randomUUID()}`;
    const options = { prefix, concurrent: 1, leases: { leaseMs: 500, renewMs: 100 } };
    const gone = placesOf(await connected(), options);
    const other = placesOf(await connected(), options);
    await gone.take(caller());
    await sleep(800);
    await expect(other.take(caller())).rejects.toMatchObject({ type: 'too-many-calls-at-once' });
    gone.close();
    await sleep(600);
    await expect(other.take(caller())).resolves.toBeDefined();
  });

  it('are known again after Redis lost them', async () => {
    const redis = await connected();
    const prefix = `test-${crypto.randomUUID()}`;
    const places = placesOf(redis, { prefix, concurrent: 2 });
    const held = await rush([places], caller(), 2);
    await redis.del(`${prefix}:gateway:calls`);
    await expect(places.take(caller())).rejects.toMatchObject({ type: 'too-many-calls-at-once' });
    await release(held.places);
    expect(await redis.zcard(`${prefix}:gateway:calls`)).toBe(0);
  });

  it('are a quarter for each process while Redis is unavailable, at least one', async () => {
    const redis = createRedis(NO_REDIS_URL);
    open.push(() => redis.disconnect());
    const places = placesOf(redis, { concurrent: 20 });
    const five = await rush([places], caller(), 30);
    expect([five.places.length, five.problems[0]?.type]).toEqual([5, 'too-many-calls-at-once']);
    await release(five.places);
    expect((await rush([places], caller({ concurrency: 1 }), 3)).places).toHaveLength(1);
    const minute = await rush([places], caller({ caller: 'key two', rpm: 8 }), 6);
    expect(minute.places.map((place) => place.requests)).toMatchObject([{ limit: 8, remaining: 1 }, { remaining: 0 }]);
    expect(minute.problems[0]?.type).toBe('rate-limited');
  });

  it('that were taken while Redis hung are known to it as soon as it answers', async () => {
    const { service } = await ownRedis();
    const redis = createRedis(service.url);
    open.push(() => redis.disconnect());
    await once(redis, 'ready');
    const operator = await patientRedis(service.url);
    open.push(() => operator.disconnect());
    const places = placesOf(redis, {});
    const limits = caller({ concurrency: 8 });
    await places.take(limits);
    await operator.call('CLIENT', 'PAUSE', '3000', 'ALL');
    expect((await rush([places], limits, 4)).places).toHaveLength(1);
    await sleep(4_200);
    // One call finds that Redis answers again; the others of that moment do without it.
    (await places.take(caller())).release();
    expect((await rush([places], limits, 9)).places).toHaveLength(6);
  });
});
