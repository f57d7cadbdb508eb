import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { completion } from '../../functions/gateway/gateway.fixture.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { jsonReply } from '../../modules/testing/upstream-server.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { rateLimited } from '../../platform/kernel/problems.ts';
import { externalScene } from './scene.fixture.ts';

const { database, mine, open, charges, keyFor } = await externalScene();
const question = { model: 'small', messages: [{ role: 'user', content: 'Hello' }] };
type Scene = Awaited<ReturnType<typeof open>>;

const accept = async ({ gateway }: Scene, body: unknown = question, headers: Record<string, string> = {}) => {
  const response = await gateway.post('/v1/async/chat/completions', body, mine.owner, headers);
  return { status: response.status, body: (await response.json()) as Record<string, never> & { id: string } };
};
// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test finds out
const look = async ({ gateway }: Scene, id: string, as = mine.owner): Promise<any> =>
  (await gateway.get(`/v1/async/${id}`, as)).json();
const cancel = ({ gateway }: Scene, id: string, as = mine.owner) =>
  fetch(`${gateway.url}/v1/async/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${as.token}` } });

describe('an asynchronous call', () => {
  it('is accepted, made later as a live one, and answered in the dialect of its caller', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const client = new OpenAI({ apiKey: mine.owner.token, baseURL: `${scene.gateway.url}/v1/async`, maxRetries: 0 });
    const accepted = (await client.chat.completions.create(question as never)) as unknown as { id: string };
    expect(accepted).toMatchObject({
      object: 'async.call',
      status: 'queued',
      endpoint: '/v1/chat/completions',
      response: null,
    });
    expect(scene.upstream.visits).toHaveLength(0);
    await scene.work();
    const done = await look(scene, accepted.id);
    expect(done).toMatchObject({ status: 'done', attempts: 1, response: { status_code: 200 } });
    expect(done.response.body.choices[0].message.content).toBe('Hi');
    const charged = (await charges()).find(({ request_id: id }) => id === done.response.request_id);
    expect(charged?.charged).toBe(15);
    const [row] = await database.owner`select body from async_calls where request_id = ${done.response.request_id}`;
    expect(row?.body).toBeNull();
  });

  it('that its organization has no budget for any more is counted and named as a refused request is', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const accepted = await accept(scene);
    await database.owner`
      insert into budgets (organization_id, scope, "window", limit_cost, hard) values (${mine.id}, 'organization', 'month', 1, true)`;
    try {
      await scene.work();
    } finally {
      await database.owner`delete from budgets`;
    }
    expect(await look(scene, accepted.body.id)).toMatchObject({ status: 'failed', response: { status_code: 429 } });
    const figures = await scene.worker.boot.metrics.expose();
    expect(figures).toContain('pandect_refused_total{reason="budget-exceeded"} 1');
    const named = scene.worker.log.filter(({ message }) => message === 'Limit reached');
    expect(named).toMatchObject([{ reason: 'budget-exceeded', organizationId: mine.id }]);
  });

  it.each([
    ['chat/completions', { model: 'nowhere', messages: [{ role: 'user', content: 'x' }] }, 404, 'model_not_found'],
    ['chat/completions', { model: 'small' }, 400, 'invalid_request'],
    ['chat/completions', { ...question, stream: true }, 400, 'invalid_request'],
    ['responses', { model: 'small', input: 'x', previous_response_id: 'r' }, 400, 'unsupported_parameter'],
    ['embeddings', { model: 'embedding', input: [] }, 400, 'invalid_request'],
  ])('of %s that is wrong is refused at once: %j', async (endpoint, body, status, code) => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const response = await scene.gateway.post(`/v1/async/${endpoint}`, body, mine.owner);
    const told = (await response.json()) as { error: { code: string } };
    expect([response.status, told.error.code]).toEqual([status, code]);
    expect(await scene.take(true)).toHaveLength(0);
  });

  it('is accepted once for an Idempotency-Key', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const both = await Promise.all([accept(scene, question, headers), accept(scene, question, headers)]);
    const ids = both.filter(({ status }) => status === 202).map(({ body }) => body.id);
    const again = await accept(scene, question, headers);
    expect([new Set([...ids, again.body.id]).size, again.status]).toEqual([1, 202]);
    expect((await accept(scene, { ...question, n: 2 }, headers)).status).toBe(422);
    await scene.work();
    expect(scene.upstream.visits).toHaveLength(1);
  });

  it('is tried again when nothing came of it, and charged once', async () => {
    const script = [jsonReply({ error: {} }, 503), { steps: ['cut'] } as const, jsonReply(completion('Hi'))];
    const scene = await open(script, { CIRCUIT_BREAKER_FAILURE_THRESHOLD: '50' });
    const { body } = await accept(scene);
    await scene.work();
    expect(await look(scene, body.id)).toMatchObject({ status: 'queued', attempts: 1 });
    for (let tries = 0; tries < 5 && (await look(scene, body.id)).status === 'queued'; tries++) {
      await database.owner`update async_calls set next_at = now() where state = 'queued'`;
      await scene.work({ early: true });
    }
    const done = await look(scene, body.id);
    expect(done.status).toBe('done');
    expect(done.attempts).toBeGreaterThan(1);
    const rows = await database.owner`
      select state from usage_reservations where request_id = ${done.response.request_id} and state = 'settled'`;
    expect(rows).toHaveLength(1);
  });

  it('waits for the limits of its caller without counting, however often', async () => {
    const scene = await open([jsonReply({ error: {} }, 503), jsonReply(completion('Hi'))]);
    const { body } = await accept(scene);
    const { maker } = scene.worker.deps;
    const refused = new Problem(rateLimited, { parameters: { seconds: 1 }, headers: { 'retry-after': '1' } });
    const makers = [
      { ...maker, restMs: () => 1_000 },
      { ...maker, make: () => Promise.reject(refused) },
    ];
    const again = async (other = maker) => {
      await database.owner`update async_calls set next_at = now() where state = 'queued'`;
      const [job] = await scene.take(true);
      await scene.worker.deliver(job?.data, { deps: { maker: other } });
      return look(scene, body.id);
    };
    for (let times = 0; times < 12; times++)
      expect(await again(makers[times % 2])).toMatchObject({ status: 'queued', attempts: 0 });
    expect(await again()).toMatchObject({ status: 'queued', attempts: 1 });
    expect(await again()).toMatchObject({ status: 'done', attempts: 2 });
  });

  it('whose request is at fault ends with the error that a live one would have had', async () => {
    const error = { message: 'bad tool', type: 'invalid_request_error', code: 'bad_tool', param: 'tools' };
    const scene = await open([jsonReply({ error }, 400)]);
    const { body } = await accept(scene);
    await scene.work();
    const failed = await look(scene, body.id);
    expect(failed).toMatchObject({ status: 'failed', response: { status_code: 400 } });
    expect(failed.response.body.error.code).toBe('upstream_refused');
    expect(scene.upstream.visits).toHaveLength(1);
  });

  it('whose key has ended by then is not made', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const key = await keyFor(mine.owner);
    const response = await scene.gateway.post('/v1/async/chat/completions', question, key);
    const { id } = (await response.json()) as { id: string };
    await database.owner`update api_keys set revoked_at = now() where id = ${key.id}`;
    await scene.work();
    expect(await look(scene, id)).toMatchObject({ status: 'failed', response: { status_code: 401 } });
    expect(scene.upstream.visits).toHaveLength(0);
  });

  it('that waits is cancelled without a call, as often as asked', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const { body } = await accept(scene);
    for (let times = 0; times < 2; times++) {
      const response = await cancel(scene, body.id);
      expect([response.status, ((await response.json()) as { status: string }).status]).toEqual([200, 'cancelled']);
    }
    await scene.work();
    expect(scene.upstream.visits).toHaveLength(0);
    expect(await look(scene, body.id)).toMatchObject({ status: 'cancelled', response: null });
  });

  it('in progress is cancelled within a second, its upstream connection closed', async () => {
    const scene = await open([{ steps: ['hang'] }]);
    const { body } = await accept(scene);
    const working = scene.work();
    await expect.poll(() => scene.upstream.visits.length, { timeout: 10_000 }).toBe(1);
    expect(await look(scene, body.id)).toMatchObject({ status: 'running' });
    await cancel(scene, body.id);
    const cancelled = performance.now();
    await expect.poll(() => scene.upstream.visits[0]?.closedAt, { interval: 20 }).toBeDefined();
    expect(performance.now() - cancelled).toBeLessThan(2_000);
    await working;
    expect(await look(scene, body.id)).toMatchObject({ status: 'cancelled', response: null });
  });

  it('ends in one way when it is cancelled at any moment', async () => {
    const scene = await open(() => jsonReply(completion('Hi')));
    for (let wait = 0; wait < 30; wait += 3) {
      const { body } = await accept(scene);
      const working = scene.work();
      await sleep(wait);
      const told = (await (await cancel(scene, body.id)).json()) as { status: string };
      await working;
      expect((await look(scene, body.id)).status).toBe(told.status);
      expect(['cancelled', 'done']).toContain(told.status);
    }
  });

  it('is not there for other organizations', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const { body } = await accept(scene);
    const other = await testOrganization(database);
    for (const id of [body.id, 'async_1', `async_${'0'.repeat(32)}`, crypto.randomUUID()]) {
      expect((await scene.gateway.get(`/v1/async/${id}`, other.owner)).status).toBe(404);
      expect((await cancel(scene, id, other.owner)).status).toBe(404);
    }
    expect(await look(scene, body.id)).toMatchObject({ status: 'queued' });
  });
});
