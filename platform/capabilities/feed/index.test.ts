import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../testing/database.ts';
import { announce, announceInGroup, type Changes, createFeed } from './index.ts';

const database = await testDatabase();
afterAll(() => database.close());
const change = (id: string, topic = 'note') => database.tenant.transaction((tx) => announce(tx, topic, id));
const LONG_MS = 60_000;
/** Timers may fire up to a millisecond early. */
const EARLY_MS = 2;
/** Whether a change comes, or has come. */
const heard = async (changes: Changes, withinMs = 10) => {
  const began = performance.now();
  await changes.next(withinMs);
  return performance.now() - began < withinMs - EARLY_MS;
};

describe('createFeed', () => {
  it('wakes those who wait for a record, and no others', async () => {
    const feed = createFeed(database.tenant);
    const one = await feed.subscribe('note', 'one');
    const again = await feed.subscribe('note', 'one');
    const two = await feed.subscribe('note', 'two');
    const picture = await feed.subscribe('picture', 'one');
    await change('one');
    await Promise.all([one.next(LONG_MS), again.next(LONG_MS)]);
    expect(await heard(two)).toBe(false);
    expect(await heard(picture)).toBe(false);
    again[Symbol.dispose]();
    await change('one', 'picture');
    await picture.next(LONG_MS);
    await change('one');
    await one.next(LONG_MS);
    expect(await heard(again)).toBe(false);
  });

  it('names what changed in a group, each once', async () => {
    const feed = createFeed(database.tenant);
    using all = await feed.subscribeGroup('notes', 'mine');
    using other = await feed.subscribeGroup('notes', 'theirs');
    using one = await feed.subscribe('note', 'end');
    const changed = (group: string, ...ids: string[]) =>
      database.tenant.transaction(async (tx) => {
        for (const id of ids) await announceInGroup(tx, 'notes', group, id);
      });
    await changed('mine', 'one', 'two');
    await changed('mine', 'one');
    await change('end');
    await one.next(LONG_MS);
    expect(await all.next(LONG_MS)).toEqual(['one', 'two']);
    expect(await all.next(1)).toEqual([]);
    await changed('theirs', ...Array.from({ length: 1001 }, (_, at) => `${at}`));
    await change('end');
    await one.next(LONG_MS);
    expect(await other.next(LONG_MS)).toBe('many');
    expect(await all.next(1)).toEqual([]);
  });

  it('needs one connection, whatever is subscribed to', async () => {
    const sessions = async () =>
      (
        await database.owner`
          select pid from pg_stat_activity
          where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()`
      ).length;
    const before = await sessions();
    const feed = createFeed(database.tenant);
    const subscribed = ['note', 'picture', 'sound'].map((topic) => feed.subscribe(topic, 'one'));
    for (const changes of await Promise.all(subscribed)) changes[Symbol.dispose]();
    expect(await sessions()).toBe(before + 1);
  });

  it('says once that there were changes while nothing waited for them', async () => {
    const feed = createFeed(database.tenant);
    using changes = await feed.subscribe('note', 'one');
    using marker = await feed.subscribe('note', 'end');
    for (let n = 0; n < 5; n++) await change('one');
    await change('end');
    await marker.next(LONG_MS);
    expect(await heard(changes, LONG_MS)).toBe(true);
    expect(await heard(changes)).toBe(false);
  });

  it('says nothing of a change that is undone', async () => {
    const feed = createFeed(database.tenant);
    using changes = await feed.subscribe('note', 'one');
    using marker = await feed.subscribe('note', 'end');
    const undone = database.tenant.transaction(async (tx) => {
      await announce(tx, 'note', 'one');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await change('end');
    await marker.next(LONG_MS);
    expect(await heard(changes)).toBe(false);
  });

  it('ends a wait when it is aborted', async () => {
    const changes = await createFeed(database.tenant).subscribe('note', 'one');
    const leaving = new AbortController();
    const waiting = changes.next(LONG_MS, leaving.signal);
    leaving.abort();
    await waiting;
    await changes.next(LONG_MS, leaving.signal);
  });

  it('listens again and wakes all after its connection was lost', async () => {
    using changes = await createFeed(database.tenant).subscribe('note', 'one');
    await database.owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()`;
    await changes.next(LONG_MS);
    await change('one');
    await changes.next(LONG_MS);
  });
});
