import { PgBoss } from 'pg-boss';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../../db/connect.ts';
import { queueConnection } from '../../../../db/queue-connection.ts';
import ingest from '../../../../workers/ingest/worker.ts';
import { testDatabase } from '../../../testing/database.ts';
import { createJobDesk } from '../index.ts';
import { countJobsQuery } from './count-jobs-query.ts';

const database = await testDatabase();
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
const desk = await createJobDesk(database.ownerUrl);
afterAll(async () => {
  await desk.close();
  await boss.stop({ graceful: false });
  await pool.end();
  await database.close();
});
beforeEach(() => database.owner`delete from pgboss.job`);

const organization = crypto.randomUUID();
const send = async (data: object | null = { documentId: crypto.randomUUID() }) =>
  String(await boss.send('ingest', data, { group: { id: organization } }));

/** Fails at every attempt. */
async function kill(id: string): Promise<void> {
  for (let attempt = 1; attempt <= ingest.attempts; attempt++) {
    await database.owner`update pgboss.job set start_after = now() - interval '1 day' where id = ${id}`;
    await boss.fail('ingest', await boss.fetch('ingest'), new Error('AiFailure'));
  }
}
async function sendDead(data?: object | null): Promise<string> {
  const id = await send(data);
  await kill(id);
  return id;
}
const rows = async () =>
  (await database.owner`select name, state from pgboss.job order by name, state`).map((row) => ({ ...row }));

describe('list', () => {
  it('shows each job once with its state, whose it is and what it is about', async () => {
    const documentId = crypto.randomUUID();
    const dead = await sendDead({ documentId, fileName: 'Divorce of Anna.pdf' });
    const waiting = await send();
    const listed = await desk.list({ queue: 'ingest' });
    expect(listed.map(({ id, state }) => [id, state])).toEqual([
      [waiting, 'waiting'],
      [dead, 'dead'],
    ]);
    expect(listed[1]).toMatchObject({
      queue: 'ingest',
      attempt: ingest.attempts,
      attempts: ingest.attempts,
      organization,
      error: 'AiFailure',
    });
    expect(listed[1]?.about).toEqual({ documentId });
    expect(JSON.stringify(listed)).not.toContain('Anna');
  });

  it('shows those of one state, and no more than it is asked for', async () => {
    const dead = await sendDead();
    await boss.fetch('ingest');
    await send();
    await boss.fetch('ingest');
    for (let job = 0; job < 3; job++) await send();
    expect((await desk.list({ state: 'dead' })).map(({ id }) => id)).toEqual([dead]);
    expect(await desk.list({ state: 'active' })).toHaveLength(1);
    expect(await desk.list({ state: 'waiting', limit: 2 })).toHaveLength(2);
  });

  it('names the queues there are when asked for another, such as one behind a queue', async () => {
    await expect(desk.list({ queue: 'ingest-dead' })).rejects.toThrow(
      /^Find queue "ingest-dead": known are .*\bingest\b.*\bmaintenance\b/,
    );
  });
});

describe('page and ids', () => {
  it('show all of a filter page by page, with how many there are', async () => {
    await sendDead();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(await send());
    const filter = { queue: 'ingest', state: 'waiting' } as const;
    const first = await desk.page({ ...filter, limit: 3 });
    const last = first.jobs.at(-1) as (typeof first.jobs)[number];
    const second = await desk.page({ ...filter, limit: 3, behind: { createdAt: last.createdAt, id: last.id } });
    expect([first.total, second.total]).toEqual([5, 5]);
    expect([...first.jobs, ...second.jobs].map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('leave out jobs that died since, and those first that are dead for longest', async () => {
    const dead = [await sendDead(), await sendDead()];
    const { asOf } = await desk.page({ state: 'dead', limit: 1 });
    await sendDead();
    expect(await desk.ids({ state: 'dead', asOf })).toEqual(dead);
    expect(await desk.ids({ state: 'dead' })).toHaveLength(3);
    await desk.retry({ ids: [dead[0] as string] });
    const retried = await desk.retry({ ids: dead, ifStillDead: true });
    expect(retried.map(({ id }) => id)).toEqual([dead[1]]);
    expect(await desk.discard(dead, ['dead'])).toEqual([]);
  });
});

describe('show', () => {
  it('finds a dead job by the id that its log lines carry', async () => {
    const id = await sendDead();
    expect(await desk.show(id)).toMatchObject({ id, state: 'dead' });
  });

  it.each(['nonsense', crypto.randomUUID()])('says of "%s" that there is no such job', async (id) => {
    await expect(desk.show(id)).rejects.toThrow(`"${id}"`);
  });
});

describe('retry', () => {
  it('has a dead job done again with all its attempts, and leaves one of it', async () => {
    const documentId = crypto.randomUUID();
    const id = await sendDead({ documentId });
    const [retried] = await desk.retry({ ids: [id] });
    expect(await rows()).toEqual([{ name: 'ingest', state: 'created' }]);
    expect(await desk.show(String(retried?.job))).toMatchObject({
      state: 'waiting',
      attempt: 0,
      attempts: ingest.attempts,
      organization,
    });
    const [job] = await boss.fetch<{ documentId: string }>('ingest');
    expect(job?.data).toEqual({ documentId });
    await boss.complete('ingest', String(job?.id));
    expect(await desk.list({ state: 'dead' })).toEqual([]);
  });

  it('does it again when the job dies again', async () => {
    const [first] = await desk.retry({ ids: [await sendDead()] });
    await kill(String(first?.job));
    const [second] = await desk.retry({ ids: [String(first?.job)] });
    expect(second).toMatchObject({ id: first?.job, isNew: true });
    expect(await rows()).toEqual([{ name: 'ingest', state: 'created' }]);
  });

  it('takes one that died before there was a queue behind its own', async () => {
    const id = await sendDead();
    await database.owner`delete from pgboss.job where name = 'ingest-dead'`;
    expect(await desk.retry({ ids: [id] })).toEqual([{ id, job: id, isNew: true }]);
    expect((await boss.fetch('ingest')).map((job) => job.id)).toEqual([id]);
  });

  it('makes one of several with the same payload, whether they are dead or wait already', async () => {
    const data = { documentId: crypto.randomUUID() };
    for (let times = 0; times < 2; times++) await sendDead(data);
    await sendDead(null);
    await sendDead(null);
    const retried = await desk.retry({ queue: 'ingest' });
    expect(retried.map(({ isNew }) => isNew).toSorted()).toEqual([false, false, true, true]);
    expect(await rows()).toEqual(Array(2).fill({ name: 'ingest', state: 'created' }));
    expect(await desk.retry({ queue: 'ingest' })).toEqual([]);
  });

  it('takes a whole queue, oldest first, and no other', async () => {
    const ids = [await sendDead(), await sendDead()];
    expect(await desk.retry({ queue: 'maintenance' })).toEqual([]);
    expect((await desk.retry({ queue: 'ingest' })).map(({ id }) => id)).toEqual(ids);
  });

  it('changes nothing when one of the ids is wrong, and names all that are', async () => {
    const dead = await sendDead();
    const [waiting, unknown] = [await send(), crypto.randomUUID()];
    const message = await desk.retry({ ids: [dead, waiting, unknown] }).catch((error: Error) => error.message);
    expect(message).toBe(
      `Retry job "${waiting}": it is waiting, not dead\nRetry job "${unknown}": there is no such job`,
    );
    expect(await desk.show(dead)).toMatchObject({ state: 'dead' });
  });
});

describe('discard', () => {
  it('forgets jobs that wait or are dead', async () => {
    const ids = [await sendDead(), await send()];
    expect((await desk.discard(ids)).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(await rows()).toEqual([]);
  });

  it('leaves one alone that is being worked on', async () => {
    const id = await send();
    await boss.fetch('ingest');
    await expect(desk.discard([id])).rejects.toThrow(
      `Discard job "${id}": it is active, not waiting or retrying or dead`,
    );
    expect(await rows()).toEqual([{ name: 'ingest', state: 'active' }]);
  });
});

it('counts the jobs of queues that could be worked on, of one organization no more than it may have under way', async () => {
  const count = async (perOrganization?: number) => {
    const [row] = await database.owner.unsafe(countJobsQuery([{ name: 'ingest', perOrganization }]));
    return Object.values(row ?? {});
  };
  await sendDead();
  expect(await count()).toEqual([0]);
  for (let n = 0; n < 3; n++) await send();
  await boss.fetch('ingest');
  const later = await send();
  await database.owner`update pgboss.job set start_after = now() + interval '1 hour' where id = ${later}`;
  expect([await count(), await count(2), await count(5)]).toEqual([[3], [2], [3]]);
});
