import { PgBoss } from 'pg-boss';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect } from '../../../db/connect.ts';
import { queueConnection } from '../../../db/queue-connection.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testDatabase } from '../../testing/database.ts';
import { createQueue, defineJob, type JobOptions } from './index.ts';

const database = await testDatabase();
const queue = createQueue(database.url('tenant'));
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
afterAll(async () => {
  await boss.stop({ graceful: false });
  await pool.end();
  await queue.close();
  await database.close();
});
beforeEach(async () => {
  await database.owner`delete from pgboss.job`;
});

const schema = z.strictObject({ documentId: z.string() });
const ingest = defineJob({ queue: 'ingest', schema });
const { id } = await testOrganization(database);
const { id: foreign } = await testOrganization(database);
const jobs = async () => {
  const rows =
    await database.owner`select data, state, group_id from pgboss.job where name = 'ingest' order by created_on`;
  return rows.map((row) => ({ ...row }));
};
const send = (documentId: string, options: JobOptions = {}, sender = queue) =>
  database.tenant.tenant(id, (tx) => sender.send(tx, ingest, { documentId }, options));
const stateOf = async (job: string) => (await boss.findJobs('ingest', { id: job }))[0]?.state;
const begin = async () => (await boss.fetch('ingest'))[0]?.id;

describe('send', () => {
  it('makes a job exactly when the transaction commits', async () => {
    let during: unknown[] = [];
    await database.tenant.tenant(id, async (tx) => {
      await queue.send(tx, ingest, { documentId: 'kept' }, { group: id });
      during = await jobs();
    });
    expect(during).toEqual([]);
    expect(await jobs()).toEqual([{ data: { documentId: 'kept' }, state: 'created', group_id: id }]);
  });

  it('makes no job when the transaction fails', async () => {
    const before = await jobs();
    const failing = database.tenant.tenant(id, async (tx) => {
      await queue.send(tx, ingest, { documentId: 'lost' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await jobs()).toEqual(before);
  });

  it('returns the id under which operators and workers see the job', async () => {
    const job = await send('one');
    expect(await begin()).toBe(job);
  });

  it('puts a job into the group that its definition names', async () => {
    const grouped = defineJob({ ...ingest, group: ({ documentId }) => `of ${documentId}` });
    await database.tenant.tenant(id, (tx) => queue.send(tx, grouped, { documentId: 'one' }));
    expect(await jobs()).toMatchObject([{ group_id: 'of one' }]);
  });

  it('rejects a payload that the job does not take, without its values', async () => {
    const wrong = { documentId: 'secret', more: 'secret' };
    const sending = database.tenant.tenant(id, (tx) => queue.send(tx, ingest, wrong));
    await expect(sending).rejects.toThrow(/^Send job to "ingest": (?!.*secret)/);
    const missing = database.tenant.tenant(id, (tx) => queue.send(tx, ingest, {} as never));
    await expect(missing).rejects.toThrow('documentId');
    expect(await jobs()).toEqual([]);
  });

  it('rejects a queue that no worker has', async () => {
    const nowhere = defineJob({ queue: 'nowhere', schema: z.strictObject({}) });
    const unknown = database.tenant.tenant(id, (tx) => queue.send(tx, nowhere, {}));
    await expect(unknown).rejects.toThrow('nowhere');
  });

  it('recovers from a first send that found no queue', async () => {
    const fresh = createQueue(database.url('tenant'));
    await database.owner`alter schema pgboss rename to away`;
    await expect(send('recovered', {}, fresh)).rejects.toThrow('not installed');
    await database.owner`alter schema away rename to pgboss`;
    await send('recovered', {}, fresh);
    expect(await jobs()).toHaveLength(1);
    await fresh.close();
  });

  it('works from several requests at once with the first send', async () => {
    const fresh = createQueue(database.url('tenant'));
    await Promise.all(Array.from({ length: 5 }, () => send('many', {}, fresh)));
    expect(await jobs()).toHaveLength(5);
    await fresh.close();
  });

  it.each([
    ['a number of seconds', () => 3600],
    ['a time', () => new Date(Date.now() + 3_600_000)],
  ])('holds a job back until %s', async (_, startAfter) => {
    const job = await send('later', { startAfter: startAfter() });
    expect(await begin()).toBe(undefined);
    await database.owner`update pgboss.job set start_after = start_after - interval '1 hour'`;
    expect(await begin()).toBe(job);
  });

  it('has jobs of a higher priority begin first', async () => {
    const order = [await send('usual'), await send('low', { priority: -1 }), await send('high', { priority: 5 })];
    expect([await begin(), await begin(), await begin()]).toEqual([order[2], order[0], order[1]]);
  });
});

describe('a singleton', () => {
  const singleton = 'advance';

  it('is the job that waits already, for all who send it at once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => send('once', { singleton })));
    expect(new Set(ids).size).toBe(1);
    expect(await send('again', { singleton })).toBe(ids[0]);
    expect(await jobs()).toMatchObject([{ data: { documentId: 'once' } }]);
  });

  it('is another job under another key, in another queue, and once the first has begun', async () => {
    const ids = [await send('one', { singleton }), await send('two', { singleton: 'other' })];
    const reindex = defineJob({ queue: 'reindex', schema });
    ids.push(await database.tenant.tenant(id, (tx) => queue.send(tx, reindex, { documentId: 'three' }, { singleton })));
    expect(await begin()).toBe(ids[0]);
    ids.push(await send('four', { singleton }));
    expect(new Set(ids).size).toBe(4);
  });

  it('does not begin before the transaction that relies on it ends', async () => {
    const job = await send('one', { singleton });
    await database.tenant.tenant(id, async (tx) => {
      expect(await queue.send(tx, ingest, { documentId: 'two' }, { singleton })).toBe(job);
      expect(await begin()).toBe(undefined);
    });
    expect(await begin()).toBe(job);
  });

  it('is added again when the transaction that added it fails', async () => {
    const failing = database.tenant.tenant(id, async (tx) => {
      await queue.send(tx, ingest, { documentId: 'one' }, { singleton });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await send('two', { singleton });
    expect(await jobs()).toMatchObject([{ data: { documentId: 'two' } }]);
  });
});

describe('cancel', () => {
  const cancel = (job: string, organization = id) =>
    database.tenant.tenant(organization, (tx) => queue.cancel(tx, ingest, job));

  it('keeps a job that waits from beginning', async () => {
    const job = await send('one', { group: id });
    expect(await cancel(job)).toBe(true);
    expect(await begin()).toBe(undefined);
    expect(await stateOf(job)).toBe('cancelled');
    expect(await cancel(job)).toBe(false);
  });

  it('ends the claim of a worker that has begun it', async () => {
    const job = await send('one', { group: id });
    await begin();
    expect(await cancel(job)).toBe(true);
    await boss.complete('ingest', job);
    expect(await stateOf(job)).toBe('cancelled');
  });

  it('is undone with its transaction', async () => {
    const job = await send('one', { group: id });
    const failing = database.tenant.tenant(id, async (tx) => {
      await queue.cancel(tx, ingest, job);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await begin()).toBe(job);
  });

  it('leaves jobs alone that are another organization’s, of another queue, or done', async () => {
    const job = await send('one', { group: id });
    expect(await cancel(job, foreign)).toBe(false);
    expect(await database.tenant.transaction((tx) => queue.cancel(tx, ingest, job))).toBe(false);
    const other = defineJob({ queue: 'reindex', schema });
    expect(await database.tenant.tenant(id, (tx) => queue.cancel(tx, other, job))).toBe(false);
    expect(await begin()).toBe(job);
    await boss.complete('ingest', job);
    expect(await cancel(job)).toBe(false);
    expect(await stateOf(job)).toBe('completed');
  });

  it('cancels any job for a login that may change them all', async () => {
    const platform = createQueue(database.url('platform'));
    const job = await send('one', { group: id });
    expect(await database.platform.transaction((tx) => platform.cancel(tx, ingest, job))).toBe(true);
    await platform.close();
  });
});
