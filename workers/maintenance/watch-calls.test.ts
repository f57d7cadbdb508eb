import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { externalJob, retryJob } from '../../modules/models/calls/jobs.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const { owner: sql } = database;
const worker = await testWorker(database, { name: 'maintenance', manifest, module });
const queue = createQueue(database.url('tenant'));
afterAll(async () => {
  await queue.close();
  await worker.close();
  await database.close();
});
const mine = await testOrganization(database);
const watch = () => worker.deliver(null, { deps: { sweepPace: { isDue: () => false } } });

beforeEach(async () => {
  await sql`delete from pgboss.job`;
  await sql`delete from async_calls`;
  await sql`delete from batches`;
  await sql`delete from callbacks`;
});

const common = {
  ...{ organization_id: mine.id, user_id: mine.owner.userId, channel: 'external', endpoint: 'chat/completions' },
  ...{ callback_url: 'https://hooks.example/', created_at: new Date(Date.now() - 11_000) },
};
async function call(columns: object = {}): Promise<string> {
  const row = { ...common, model: 'small', body: '{}', state: 'queued', ...columns };
  const [made] = await sql<{ id: string }[]>`insert into async_calls ${sql(row)} returning id`;
  return made?.id ?? '';
}
async function batch(state: string): Promise<string> {
  const row = {
    ...{ ...common, state, input_file_id: crypto.randomUUID(), total: 2 },
    expires_at: new Date(Date.now() + 3_600_000),
  };
  const [made] = await sql<{ id: string }[]>`insert into batches ${sql(row)} returning id`;
  return made?.id ?? '';
}

const forCall = (callId: string) => ({ kind: 'call' as const, organizationId: mine.id, callId });
const forBatch = (batchId: string) => ({ kind: 'batch' as const, organizationId: mine.id, batchId });
type Work = ReturnType<typeof forCall> | ReturnType<typeof forBatch>;
const enqueue = (work: Work, job = externalJob) => database.tenant.tenant(mine.id, (tx) => queue.send(tx, job, work));
/** As a job is kept that failed at its last attempt. */
const bury = (work: Work, name = 'external-dead') =>
  sql`insert into pgboss.job (name, data) values (${name}, ${sql.json(work)})`;
const jobsOf = async (work: Work) =>
  (await sql`select name from pgboss.job where data = ${sql.json(work)} and name not like '%-dead'`).map(
    ({ name }) => name,
  );
const callOf = async (id: string) => {
  const [row] = await sql`select state, status, answer, body from async_calls where id = ${id}`;
  return row && { ...row, answer: JSON.parse(row.answer ?? 'null') };
};
const batchOf = async (id: string) => {
  const [row] = await sql`select state, errors, failed_at from batches where id = ${id}`;
  return row && { ...row };
};
const eventsOf = async () => (await sql`select event from callbacks order by event`).map(({ event }) => event);

describe('the watch', () => {
  it('fails calls whose jobs failed for good, as a live call would have, and calls back', async () => {
    const [waiting, running] = [await call(), await call({ state: 'running', run: crypto.randomUUID() })];
    for (const id of [waiting, running]) await bury(forCall(id), id === waiting ? 'external-dead' : 'retry-dead');
    await watch();
    await watch();
    expect([await callOf(waiting), await callOf(running)]).toMatchObject([
      { state: 'failed', status: 500, body: null, answer: { error: { code: 'internal', type: 'server_error' } } },
      { state: 'failed', status: 502, body: null, answer: { error: { code: 'call_interrupted' } } },
    ]);
    expect(await eventsOf()).toEqual(['async.call.failed', 'async.call.failed']);
    expect(worker.log.findLast(({ message }) => message === 'Calls and batches had no job')).toMatchObject({
      failed: 2,
      resumed: 0,
    });
  });

  it('gives a call another job whose job is nowhere, and leaves alone what has one, has ended or was only just added', async () => {
    const lost = await call();
    const others = [
      await call(),
      await call(),
      await call({ created_at: new Date() }),
      await call({ state: 'cancelled', body: null, ended_at: new Date() }),
    ];
    await enqueue(forCall(others[0] as string));
    await enqueue(forCall(others[1] as string), retryJob);
    await watch();
    await watch();
    expect(await jobsOf(forCall(lost))).toEqual(['external']);
    expect(await Promise.all(others.map((id) => jobsOf(forCall(id))))).toEqual([['external'], ['retry'], [], []]);
    expect(await callOf(lost)).toMatchObject({ state: 'queued', answer: null });
  });

  it('has a batch continue whose jobs failed for good, and fails it the second time, with its lines', async () => {
    const id = await batch('in_progress');
    await call({ batch_id: id, line: 1, custom_id: 'a', callback_url: null });
    await bury(forBatch(id));
    await watch();
    expect([await jobsOf(forBatch(id)), (await batchOf(id))?.state]).toEqual([['external'], 'in_progress']);
    await sql`delete from pgboss.job where name = 'external'`;
    await bury(forBatch(id), 'retry-dead');
    await watch();
    await watch();
    expect(await batchOf(id)).toMatchObject({
      state: 'failed',
      errors: [{ code: 'internal', message: expect.any(String), param: null, line: null }],
      failed_at: expect.any(Date),
    });
    expect(await sql`select 1 from async_calls`).toHaveLength(0);
    expect(await eventsOf()).toEqual(['batch.failed']);
  });

  it.each(['validating', 'finalizing', 'cancelling'])('ends a batch that is %s as well', async (state) => {
    const id = await batch(state);
    for (const name of ['external-dead', 'retry-dead']) await bury(forBatch(id), name);
    await watch();
    expect((await batchOf(id))?.state).toBe('failed');
  });
});
