import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createShare } from './share.ts';

const never = new AbortController().signal;

describe('the share of asynchronous calls', () => {
  it('lets no more be in progress than its limit, single calls before lines of batches', async () => {
    const share = createShare();
    const order: string[] = [];
    let most = 0;
    let now = 0;
    const use = async (name: string, priority: 'call' | 'line') => {
      using _place = await share.take(2, priority, never);
      order.push(name);
      now += 1;
      most = Math.max(most, now);
      await sleep(1);
      now -= 1;
    };
    await Promise.all([
      use('first', 'line'),
      use('second', 'line'),
      use('line 1', 'line'),
      use('line 2', 'line'),
      use('call 1', 'call'),
      use('call 2', 'call'),
    ]);
    expect(most).toBe(2);
    expect(order).toEqual(['first', 'second', 'call 1', 'call 2', 'line 1', 'line 2']);
  });

  it('gives the place of one that left to the next, and its own back once', async () => {
    const share = createShare();
    const place = await share.take(1, 'call', never);
    const leaving = new AbortController();
    const left = share.take(1, 'call', leaving.signal);
    const next = share.take(1, 'call', never);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    place[Symbol.dispose]();
    place[Symbol.dispose]();
    const held = await next;
    const waiting = share.take(1, 'call', never);
    expect(await Promise.race([waiting, sleep(5, 'waits')])).toBe('waits');
    held[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();
  });
});
