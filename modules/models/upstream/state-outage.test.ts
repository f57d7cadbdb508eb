import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createRedis } from '../../../platform/capabilities/redis.ts';
import { ownRedis } from '../../../platform/testing/own-redis.ts';
import { NO_REDIS_URL } from '../../../platform/testing/redis.ts';
import {
  begin,
  call,
  closeAll,
  connected,
  fail,
  key,
  newPrefix,
  open,
  reasonOf,
  redisUrl,
  settled,
  stateOf,
  states,
  taken,
  target,
  targetWith,
} from './shared-state.fixture.ts';
import { startStateProcess } from './state-process.fixture.ts';
import type { StateTarget, UpstreamState } from './upstream-state.ts';

afterEach(closeAll);

describe('slots of a process', () => {
  const few = targetWith(key('few', { concurrency: 1 }));

  it('that was killed are free when its leases end', async () => {
    const prefix = newPrefix();
    const short = { leaseMs: 600, renewMs: 150 };
    const victim = await startStateProcess({ redisUrl, prefix, resetMs: 30_000, leases: short });
    open.push(() => victim.kill());
    const state = stateOf(await connected(), prefix, { leases: short });
    expect(await victim.begin(few)).toMatchObject({ turn: 0 });
    await sleep(900);
    expect(reasonOf(await begin(state, few))).toBe('full');
    await victim.kill();
    expect(reasonOf(await begin(state, few, 5_000))).toBe('turn');
  });

  it('are known again after Redis was emptied', async () => {
    const { service } = await ownRedis();
    const redis = await connected(service.url);
    const [holder, other] = [stateOf(redis, 'own'), stateOf(await connected(service.url), 'own')];
    const turn = await taken(holder, few);
    await call(holder, { outcome: 'abandoned', cooldownMs: 60_000 });
    await redis.flushall();
    await redis.script('FLUSH');
    // The process that has the slot brings it back as soon as it asks, and knows what cools down.
    expect(reasonOf(await begin(holder, few))).toBe('full');
    expect(reasonOf(await begin(other, few))).toBe('full');
    expect(reasonOf(await begin(holder))).toBe('resting');
    turn.end({ outcome: 'success' });
    await settled(holder);
    expect(reasonOf(await begin(other, few))).toBe('turn');
  });
});

describe('without Redis', () => {
  const nowhere = () => {
    const redis = createRedis(NO_REDIS_URL);
    open.push(() => redis.disconnect());
    return redis;
  };

  it('each process decides by itself, with a quarter of the slots and of a minute’s calls, at least one', async () => {
    const state = stateOf(nowhere(), newPrefix(), { resetMs: 200 });
    const ask = (of: StateTarget) => Promise.all(Array.from({ length: 20 }, () => begin(state, of)));
    const turns = async (of: StateTarget) => (await ask(of)).filter((answer) => 'end' in answer).length;
    expect(await turns(targetWith(key('eight', { concurrency: 8 })))).toBe(2);
    expect(await turns(targetWith(key('one', { concurrency: 1 })))).toBe(1);
    expect(await turns(targetWith(key('minute', { rpm: 12 })))).toBe(3);
    for (let turn = 0; turn < 5; turn += 1) (await taken(state)).end({ outcome: 'failure' });
    expect(reasonOf(await begin(state))).toBe('open');
    expect(await state.list()).toMatchObject([{ target: 'gpt', state: 'open' }]);
    await sleep(210);
    expect([reasonOf(await begin(state)), reasonOf(await begin(state))]).toEqual(['probe', 'open']);
    (await taken(state, { ...target, target: 'other' })).end({ outcome: 'abandoned', cooldownMs: 5_000 });
    expect(reasonOf(await begin(state, { ...target, target: 'other' }))).toBe('resting');
    await expect(state.set('gpt', 'closed')).rejects.toThrow();
  });

  it('it waits for one that hangs no longer than for a moment', async () => {
    const { service } = await ownRedis();
    const operator = await connected(service.url);
    const redis = createRedis(service.url);
    open.push(() => redis.disconnect());
    await once(redis, 'ready');
    const state = stateOf(redis, 'own');
    await operator.call('CLIENT', 'PAUSE', '60000', 'ALL');
    const began = performance.now();
    // If each waited for Redis, they would take 5 s.
    for (let turn = 0; turn < 100; turn += 1) expect(reasonOf(await begin(state))).toBe('turn');
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('the service continues when Redis is killed, and is shared again when that is back', {
    timeout: 60_000,
  }, async () => {
    const { service, startAgain } = await ownRedis();
    const both = await states(2, {}, service.url);
    const eight = targetWith(key('eight', { concurrency: 8 }));
    const held = await Promise.all(both.map((state) => taken(state, eight)));
    await fail(both, 5);
    expect(reasonOf(await begin(both[1], eight))).toBe('open');
    process.kill(service.pid, 'SIGKILL');
    // What was learned before holds on, and slots are a quarter.
    await expect.poll(async () => reasonOf(await begin(both[1]))).toBe('open');
    const other = { ...eight, target: 'other' };
    expect(reasonOf(await begin(both[0], other))).toBe('turn');
    expect(reasonOf(await begin(both[0], other))).toBe('full');
    await startAgain();
    // Two of before and the one without Redis are in progress.
    const free = async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, turn) => begin(both[turn % 2] as UpstreamState, other)),
      );
      for (const answer of answers) if ('end' in answer) answer.end({ outcome: 'success' });
      await Promise.all(both.map(settled));
      return answers.filter((answer) => 'end' in answer).length;
    };
    await expect.poll(free, { timeout: 20_000, interval: 300 }).toBe(5);
    for (const turn of held) turn.end({ outcome: 'success' });
    await Promise.all(both.map(settled));
    expect(await free()).toBe(7);
  });
});
