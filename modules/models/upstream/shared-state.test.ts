import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Redis } from '../../../platform/capabilities/redis.ts';
import {
  begin,
  call,
  closeAll,
  connected,
  fail,
  key,
  leases,
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
import type { StateTarget, Turn, TurnRefusal, UpstreamState } from './upstream-state.ts';

afterEach(closeAll);

function countCommands(redis: Redis): () => number {
  const send = vi.spyOn(redis, 'sendCommand');
  return () => send.mock.calls.length;
}

describe('the breaker of a target', () => {
  it('opens in every process after five failures spread over three, and lets exactly one probe through in all', async () => {
    const settings = { redisUrl, prefix: newPrefix(), resetMs: 1_500, leases };
    const processes = await Promise.all([1, 2, 3].map(() => startStateProcess(settings)));
    open.push(() => Promise.all(processes.map((each) => each.kill())));
    const turns = await Promise.all(Array.from({ length: 5 }, (_, index) => processes[index % 3]?.begin(target)));
    for (const [index, told] of turns.entries()) {
      expect(told).toMatchObject({ isProbe: false });
      await processes[index % 3]?.end((told as { turn: number }).turn, { outcome: 'failure' });
    }
    const opened = performance.now();
    const after = await Promise.all(processes.map((each) => each.begin(target)));
    expect(after).toEqual(after.map(() => ({ reason: 'open', retryAfterMs: expect.any(Number) })));
    const { retryAfterMs } = after[0] as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(1_500 - (performance.now() - opened) - 1_000);
    expect(retryAfterMs).toBeLessThanOrEqual(1_500);
    await sleep(1_500);
    const many = await Promise.all(Array.from({ length: 60 }, (_, index) => processes[index % 3]?.begin(target)));
    expect(many.filter((told) => told && 'turn' in told)).toEqual([{ turn: expect.any(Number), isProbe: true }]);
  });

  it('forgets failures when a call succeeds, also one that another process made', async () => {
    const both = await states(2);
    await fail(both, 4);
    await call(both[1] as UpstreamState, 'success');
    await fail(both, 4);
    expect(reasonOf(await begin(both[0] as UpstreamState))).toBe('turn');
  });

  it('counts no call that its caller abandoned', async () => {
    const [state] = await states(1);
    for (let turn = 0; turn < 10; turn += 1) await call(state, 'abandoned');
    expect(reasonOf(await begin(state))).toBe('turn');
  });

  it('closes when the probe succeeds and opens again when it fails', async () => {
    const both = await states(2, { resetMs: 300 });
    await fail(both, 5);
    await sleep(310);
    await call(both[0], 'failure');
    expect(reasonOf(await begin(both[1]))).toBe('open');
    await sleep(310);
    await call(both[1], 'success');
    expect([reasonOf(await begin(both[0])), reasonOf(await begin(both[0]))]).toEqual(['turn', 'turn']);
  });

  it('gives an abandoned probe its place back at once, and one that never ends after a while', async () => {
    const both = await states(2, { resetMs: 400 });
    await fail(both, 5);
    await sleep(410);
    expect(reasonOf(await begin(both[0]))).toBe('probe');
    expect(reasonOf(await begin(both[1]))).toBe('open');
    await sleep(410);
    const probe = await taken(both[1]);
    expect(probe.isProbe).toBe(true);
    probe.end({ outcome: 'abandoned' });
    await settled(both[1]);
    expect(reasonOf(await begin(both[0]))).toBe('probe');
  });

  it('ignores the late result of a call from before the outage', async () => {
    const both = await states(2, { resetMs: 200 });
    const slow = await taken(both[0]);
    await fail(both, 5);
    await sleep(210);
    expect(reasonOf(await begin(both[1]))).toBe('probe');
    slow.end({ outcome: 'success' });
    await settled(both[0]);
    expect(reasonOf(await begin(both[1]))).toBe('open');
  });

  it('takes no probe while no key is free', async () => {
    const both = await states(2, { resetMs: 200 });
    await fail(both, 4);
    await call(both[0], { outcome: 'failure', cooldownMs: 60_000 });
    await sleep(210);
    expect(reasonOf(await begin(both[1]))).toBe('resting');
    expect(reasonOf(await begin(both[1], targetWith(key('two'))))).toBe('probe');
  });

  it('is listed and set by operators, and stays open until it is set closed', async () => {
    const both = await states(2, { resetMs: 200 });
    expect(await both[0].list()).toEqual([]);
    await fail(both, 2);
    expect(await both[0].list()).toEqual([{ target: 'gpt', state: 'closed', failures: 2 }]);
    await fail(both, 3);
    const [listed] = await both[1].list();
    expect(listed).toEqual({ target: 'gpt', state: 'open', failures: 5, until: expect.any(Date) });
    await both[0].set('gpt', 'open');
    await sleep(210);
    expect(reasonOf(await begin(both[1]))).toBe('open');
    expect(await both[1].list()).toEqual([{ target: 'gpt', state: 'open', failures: 0 }]);
    await both[0].set('gpt', 'closed');
    expect(reasonOf(await begin(both[1]))).toBe('turn');
  });

  it('costs a healthy upstream nothing when a call succeeds', async () => {
    const redis = await connected();
    const state = stateOf(redis, newPrefix());
    await call(state, 'success');
    const commands = countCommands(redis);
    (await taken(state)).end({ outcome: 'success' });
    expect(commands()).toBe(1);
  });

  it('is asked once for the calls of one moment, each with its own key, and for each call of a key that is counted', async () => {
    const redis = await connected();
    const state = stateOf(redis, newPrefix());
    await call(state, 'success');
    const commands = countCommands(redis);
    const secrets = ['a', 'b', 'c'];
    const turns = await Promise.all(secrets.map((secret) => taken(state, targetWith(key('one', { secret })))));
    expect(turns.map((turn) => turn.key.secret)).toEqual(secrets);
    expect(commands()).toBe(1);
    await Promise.all([1, 2].map(() => taken(state, targetWith(key('counted', { concurrency: 5 })))));
    expect(commands()).toBe(3);
    await Promise.all([1, 2].map(() => taken(state, targetWith(key('one'), key('two')))));
    expect(commands()).toBe(5);
  });

  it('lets one probe of the calls of one moment through, and refuses the others', async () => {
    const state = stateOf(await connected(), newPrefix(), { resetMs: 300 });
    await fail([state], 5);
    await sleep(350);
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin(state)));
    expect(answers.map(reasonOf)).toEqual(['probe', ...Array.from({ length: 9 }, () => 'open')]);
  });
});

describe('keys', () => {
  it('are chosen by their weight', async () => {
    const [state] = await states(1);
    const chosen = { rare: 0, often: 0 };
    const of = targetWith(key('rare'), key('often', { weight: 9 }));
    for (let turn = 0; turn < 200; turn += 1) chosen[(await taken(state, of)).key.id as 'rare' | 'often'] += 1;
    expect(chosen.rare).toBeGreaterThan(3);
    expect(chosen.often).toBeGreaterThan(150);
  });

  it('cool down for one model in all processes, for the longer of two times', async () => {
    const both = await states(2);
    const [first, second] = [await taken(both[0]), await taken(both[1])];
    first.end({ outcome: 'abandoned', cooldownMs: 20_000 });
    second.end({ outcome: 'abandoned', cooldownMs: 1_000 });
    await settled(both[0]);
    await settled(both[1]);
    const answer = (await begin(both[1])) as TurnRefusal;
    expect(answer.reason).toBe('resting');
    expect(answer.retryAfterMs).toBeGreaterThan(10_000);
    expect(reasonOf(await begin(both[1], { ...target, target: 'gpt-mini' }))).toBe('turn');
    expect((await taken(both[1], targetWith(key('one'), key('two')))).key.id).toBe('two');
  });

  it('that are parked are left alone for every model', async () => {
    const both = await states(2);
    await call(both[0], { outcome: 'abandoned', park: true });
    const answer = (await begin(both[1], { ...target, target: 'gpt-mini' })) as TurnRefusal;
    expect(answer.reason).toBe('resting');
    expect(answer.retryAfterMs).toBeGreaterThan(500_000);
  });

  it('have as many calls at once, and a minute, over all processes as they may', async () => {
    const three = await states(3);
    const ask = (of: StateTarget) =>
      Promise.all(Array.from({ length: 30 }, (_, turn) => begin(three[turn % 3] as UpstreamState, of)));
    const slots = targetWith(key('few', { concurrency: 4 }));
    const many = await ask(slots);
    expect(many.filter((answer) => 'end' in answer)).toHaveLength(4);
    for (const answer of many) if ('end' in answer) answer.end({ outcome: 'success' });
    await Promise.all(three.map(settled));
    expect((await ask(slots)).filter((answer) => 'end' in answer)).toHaveLength(4);
    const minute = await ask(targetWith(key('slow', { rpm: 6 })));
    expect(minute.filter((answer) => 'end' in answer)).toHaveLength(6);
    const refused = minute.filter((answer) => 'reason' in answer);
    for (const answer of refused) {
      expect(answer).toMatchObject({ reason: 'full', retryAfterMs: expect.any(Number) });
      expect((answer as TurnRefusal).retryAfterMs).toBeLessThanOrEqual(10_000);
    }
  });

  it('are waited for in turn, woken by a call that ends here or in another process', async () => {
    const both = await states(2);
    const of = targetWith(key('single', { concurrency: 1 }));
    const first = await taken(both[0], of);
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (number) => {
      const turn = (await begin(both[number === 3 ? 1 : 0], of, 20_000)) as Turn;
      order.push(number);
      turn.end({ outcome: 'success' });
    });
    await sleep(100);
    expect(order).toEqual([]);
    first.end({ outcome: 'success' });
    await Promise.all(waiting);
    expect(order.filter((number) => number < 3)).toEqual([1, 2]);
    expect(order).toContain(3);
  });

  it('are waited for no longer than that, and not by a caller that leaves', async () => {
    const [state] = await states(1);
    const of = targetWith(key('single', { concurrency: 1 }));
    await taken(state, of);
    expect(reasonOf(await begin(state, of, 100))).toBe('full');
    const caller = new AbortController();
    const waiting = state.begin(of, { waitMs: 20_000, signal: caller.signal });
    const behind = begin(state, of, 300);
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(state.begin(of, { waitMs: 0, signal: caller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(reasonOf(await behind)).toBe('full');
  });

  it('are all free after a thousand calls whose callers left at any time', async () => {
    const prefix = newPrefix();
    const redis = await connected();
    const state = stateOf(redis, prefix);
    const of = targetWith(key('busy', { concurrency: 8 }));
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, turn) => {
        const caller = new AbortController();
        const began = state.begin(of, { waitMs: 5, signal: caller.signal });
        if (turn % 3 === 0) caller.abort();
        else setTimeout(() => caller.abort(), turn % 7);
        const answer = await began.catch(() => undefined);
        if (answer && 'end' in answer) answer.end({ outcome: 'abandoned' });
      }),
    );
    await settled(state);
    expect(await redis.zcard(`${prefix}:gateway:slots:openai:busy`)).toBe(0);
    expect(await state.list()).toEqual([]);
    const again = await Promise.all(Array.from({ length: 8 }, () => begin(state, of)));
    expect(again.map(reasonOf)).toEqual(again.map(() => 'turn'));
  });
});
