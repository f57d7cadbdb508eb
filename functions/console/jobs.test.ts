import { PgBoss } from 'pg-boss';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { queueConnection } from '../../db/queue-connection.ts';
import ingest from '../../workers/ingest/worker.ts';
import { consoleScene, problem } from './console.fixture.ts';
import { serveOperator } from './operator.fixture.ts';

const { database, root, ask, acts } = await consoleScene();
await serveOperator(database, root);
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
afterAll(async () => {
  await boss.stop({ graceful: false });
  await pool.end();
});
beforeEach(() => database.owner`delete from pgboss.job`);

const send = async (data: object = { documentId: crypto.randomUUID() }) => String(await boss.send('ingest', data));
async function die(count: number, why = 'AiFailure'): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await send({ documentId: crypto.randomUUID(), fileName: 'Развод.pdf' }));
  for (let attempt = 1; attempt <= ingest.attempts; attempt++) {
    await database.owner`update pgboss.job set start_after = now() - interval '1 day' where state < 'active'`;
    for (let n = 0; n < count; n++) await boss.fail('ingest', await boss.fetch('ingest'), new Error(why));
  }
  return ids;
}
const dead = 'GET /api/operator/jobs?queue=ingest&state=dead' as const;
const lastAct = async () => (await acts()).at(-1);

describe('alerts', () => {
  it('are listed with their rules, and silenced for a while', async () => {
    const { body } = await ask('GET /api/operator/alerts');
    expect(body.alerts).toMatchObject([{ rule: 'UnitDown', help: 'docs/alerts.md#unitdown', screen: '/units/ask' }]);
    expect(body.rules.length).toBeGreaterThan(20);
    for (const { name, steps } of body.rules) expect([name, steps.length > 1]).toEqual([name, true]);
    const silence = { rule: 'UnitDown', unit: 'ask' };
    expect(await ask('POST /api/operator/alerts/silences', { ...silence, seconds: 60 })).toMatchObject({
      ...{ status: 200, body: silence },
    });
    expect(await lastAct()).toMatchObject({ action: 'silence-alert', target: 'UnitDown' });
    const wrong = await ask('POST /api/operator/alerts/silences', { rule: 'Nothing', seconds: 60 });
    expect([wrong.status, wrong.body.detail]).toEqual([409, expect.stringContaining('no such alert')]);
    expect((await ask('GET /api/operator/errors?since=2026-01-01T00:00:00Z')).body).toEqual([]);
  });
});

describe('queues', () => {
  it('are listed, paused and resumed; one of several of a worker is not', async () => {
    const { body } = await ask('GET /api/operator/queues');
    expect(body).toContainEqual(expect.objectContaining({ queue: 'ingest', dead: 3, retry: 1, isPaused: false }));
    const shared = await ask('POST /api/operator/queues/letters/pause');
    expect([shared.status, shared.body.detail]).toEqual([409, expect.stringContaining('worker "notify" serves it')]);
    expect((await ask('POST /api/operator/queues/none/pause')).status).toBe(404);
  });
});

describe('jobs', () => {
  it('are shown by pages without a word of anybody’s', async () => {
    const ids = await die(3, 'Unexpected token, "Развод" is not valid JSON');
    const first = (await ask(`${dead}&limit=2`)).body;
    expect(first).toMatchObject({ total: 3, jobs: [{ state: 'dead', attempt: ingest.attempts }, {}] });
    const second = (await ask(`${dead}&limit=2&cursor=${first.next}`)).body;
    const all = [...first.jobs, ...second.jobs];
    expect([all.map(({ id }) => id).toSorted(), second.next]).toEqual([ids.toSorted(), null]);
    expect(JSON.stringify(all)).not.toContain('Развод');
    const { body: one } = await ask(`GET /api/operator/jobs/${ids[0]}`);
    expect(one.payload).toEqual({ documentId: expect.any(String) });
    expect((await ask(`GET /api/operator/jobs/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await ask('GET /api/operator/jobs?queue=none')).status).toBe(404);
  });

  it('that match are retried as they were counted: those that died since stay', async () => {
    await die(3);
    const { total: count, asOf } = (await ask(dead)).body;
    const later = await die(2);
    const key = crypto.randomUUID();
    const body = { queue: 'ingest', count, asOf };
    expect((await ask('POST /api/operator/jobs/retry', body, { key })).body).toEqual({ done: 3 });
    // The answer was lost, and is asked for again.
    expect((await ask('POST /api/operator/jobs/retry', body, { key })).body).toEqual({ done: 3 });
    const left = (await ask(dead)).body.jobs.map(({ id }: { id: string }) => id);
    expect(left.toSorted()).toEqual(later.toSorted());
    expect(await lastAct()).toMatchObject({ action: 'retry-jobs', target: 'ingest', details: { count: 3 } });
  });

  it('are left alone when fewer are dead than were shown, and the new number is told', async () => {
    const [first] = await die(3);
    const { total: count, asOf } = (await ask(dead)).body;
    expect((await ask('POST /api/operator/jobs/retry', { ids: [first] })).body).toEqual({ done: 1 });
    const moved = await ask('POST /api/operator/jobs/discard', { queue: 'ingest', state: 'dead', count, asOf });
    expect(moved).toMatchObject({ status: 409, body: { type: problem('count-changed'), count: 2 } });
    expect((await ask(dead)).body.total).toBe(2);
    expect(await lastAct()).toMatchObject({ action: 'discard-jobs', details: { refused: 'count-changed' } });
    const again = await ask('POST /api/operator/jobs/discard', { queue: 'ingest', state: 'dead', count: 2 });
    expect(again.body).toEqual({ done: 2 });
  });

  it('that wait are discarded though workers took some since', async () => {
    for (let n = 0; n < 4; n++) await send();
    await boss.fetch('ingest');
    const { body } = await ask('POST /api/operator/jobs/discard', { queue: 'ingest', state: 'waiting', count: 4 });
    expect(body).toEqual({ done: 3 });
  });

  it('that are named are others under the same key, however many they are', async () => {
    const ids = await die(22);
    const key = crypto.randomUUID();
    const retry = (named: string[]) => ask('POST /api/operator/jobs/retry', { ids: named }, { key });
    expect((await retry(ids.slice(0, 21))).body).toEqual({ done: 21 });
    const other = await retry([...ids.slice(0, 20), ids[21] as string]);
    expect(other.body.type).toBe(problem('idempotency-mismatch'));
    expect((await ask(dead)).body.total).toBe(1);
  });

  it('that are named are a thousand at most', async () => {
    const ids = Array.from({ length: 1_001 }, () => crypto.randomUUID());
    for (const action of ['retry', 'discard'] as const) {
      const { status, body } = await ask(`POST /api/operator/jobs/${action}`, { ids });
      expect([status, body.type, body.errors]).toEqual([
        ...[400, problem('invalid-request')],
        [{ path: 'body', message: expect.stringContaining('1 to 1000 ids') }],
      ]);
    }
  });

  it('that are named change together or not at all', async () => {
    const [id] = await die(1);
    const { status, body } = await ask('POST /api/operator/jobs/retry', { ids: [id, crypto.randomUUID()] });
    expect([status, body.detail]).toEqual([409, expect.stringContaining('there is no such job')]);
    expect((await ask(dead)).body.total).toBe(1);
  });
});
