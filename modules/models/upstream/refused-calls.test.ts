import { expect, it } from 'vitest';
import { testRedis } from '../../../platform/testing/redis.ts';
import { createRefusedCalls } from './refused-calls.ts';

const { redis, away } = await testRedis();
const DAY_MS = 86_400_000;

it('counts refusals of each key by day over all processes, and forgets them after two days', async () => {
  const prefix = `test-${crypto.randomUUID()}`;
  let day = 20_000;
  const open = () => createRefusedCalls(redis, prefix, () => day * DAY_MS + 5);
  const [one, two] = [open(), open()];
  for (let times = 0; times < 3; times++) one.note('a');
  two.note('a');
  two.note('b');
  await Promise.all([one.close(), two.close()]);
  expect([...(await one.count(['a', 'b', 'c']))]).toEqual([
    ['a', { today: 4, yesterday: 0 }],
    ['b', { today: 1, yesterday: 0 }],
    ['c', { today: 0, yesterday: 0 }],
  ]);
  expect(await redis.ttl(`${prefix}:gateway:refused:20000`)).toBeGreaterThan(DAY_MS / 1000);
  day += 1;
  one.note('a');
  await one.close();
  expect((await two.count(['a'])).get('a')).toEqual({ today: 1, yesterday: 4 });
  day += 1;
  expect((await two.count(['a'])).get('a')).toEqual({ today: 0, yesterday: 1 });
});

it('counts nothing while Redis is unavailable, and keeps no one waiting', async () => {
  const refused = createRefusedCalls(away, 'test');
  refused.note('a');
  await refused.close();
  expect((await refused.count(['a'])).get('a')).toEqual({ today: 0, yesterday: 0 });
});
