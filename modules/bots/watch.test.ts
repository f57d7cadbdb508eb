import { expect, it } from 'vitest';
import { botScene } from './updates/scene.fixture.ts';
import { sweepUpdates, watchChats } from './watch.ts';

const { database, sql, queue, receiver, bot, said, work, answers } = await botScene();
const watch = () => watchChats({ database: database.platform, queue });

it('a chat whose job is gone gets another one, once', async () => {
  const one = await bot();
  await receiver.receive(one.id, one.secret, said(1, 'one'));
  await sql`delete from pgboss.job where name = 'chats'`;
  expect(await watch()).toBe(0);
  await sql`update bot_updates set received_at = now() - interval '1 minute'`;
  expect([await watch(), await watch()]).toEqual([1, 0]);
  await work();
  expect(await answers(one.id, 1)).toEqual(['one']);
});

it('numbers of updates are kept for a month', async () => {
  const one = await bot();
  await receiver.receive(one.id, one.secret, said(1, 'one'));
  const later = (days: number) => new Date(Date.now() + days * 86_400_000);
  expect(await sweepUpdates(database.platform, later(15))).toBe(0);
  expect(await sweepUpdates(database.platform, later(31))).toBeGreaterThan(0);
});
