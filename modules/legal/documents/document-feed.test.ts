import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { announceChange, createDocumentFeed } from './document-feed.ts';

const database = await testDatabase();
afterAll(() => database.close());
const announce = (id: string) => database.tenant.transaction((tx) => announceChange(tx, id));

describe('createDocumentFeed', () => {
  it('wakes those who wait for a document and nobody else', async () => {
    const feed = createDocumentFeed(database.tenant);
    const heard: string[] = [];
    const leave = await feed.subscribe('one', () => heard.push('first of one'));
    await feed.subscribe('one', () => heard.push('second of one'));
    await feed.subscribe('two', () => heard.push('two'));
    heard.length = 0; // listening for the first time wakes all
    await announce('one');
    await expect.poll(() => heard).toEqual(['first of one', 'second of one']);
    leave();
    await announce('one');
    await announce('two');
    await expect.poll(() => heard).toEqual(['first of one', 'second of one', 'second of one', 'two']);
  });

  it('listens again and wakes all after its connection was lost', async () => {
    const feed = createDocumentFeed(database.tenant);
    let woken = 0;
    await feed.subscribe('one', () => woken++);
    const before = woken;
    await database.owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()`;
    await expect.poll(() => woken, { timeout: 10_000 }).toBeGreaterThan(before);
    const after = woken; // a change may be heard before announcing it has returned
    await announce('one');
    await expect.poll(() => woken, { timeout: 10_000 }).toBeGreaterThan(after);
  });
});
