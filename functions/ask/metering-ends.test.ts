/*
 * What gateways and billing systems fail at, case by case, at the function itself: how a question may end; money that comes in is case 20, in `modules/commerce/billing`.
 */

import { describe, expect, it } from 'vitest';
import { createAdmission, expireUnits, requestIdOf, startAttempt } from '../../modules/commerce/metering/index.ts';
import type { Script, StreamStep } from '../../modules/testing/openai-server.ts';
import { policyModels } from '../../modules/testing/policy-models.ts';
import {
  answer,
  ask,
  chats,
  describeReconciliation,
  fine,
  follow,
  meteringScene,
  nothing,
  once,
} from './metering.fixture.ts';

const { database, scene, charged } = await meteringScene();

describe('case 7: the client leaves before the first byte', () => {
  it('pays nothing, and its place is free again', async () => {
    const { org, app, server } = await scene(['hang'], { figures: { concurrent_questions: 1 } });
    const controller = new AbortController();
    const left = follow(app, org, 'event: delta', controller.signal);
    await expect.poll(() => chats(server).length, { timeout: 10_000 }).toBe(1);
    controller.abort();
    await left.catch(() => {});
    await expect.poll(() => charged(org)).toEqual({ ...nothing, rows: ['failed'] });
    const [row] = await database.owner`select state from usage_reservations where organization_id = ${org.id}`;
    expect(row?.state).toBe('released');
  });
});

describe('case 8: the client leaves in the middle', () => {
  it('pays what was produced, once', async () => {
    const { org, app } = await scene([{ stream: [{ delta: answer }, 'hang'] }]);
    const controller = new AbortController();
    const { leave } = await follow(app, org, 'event: delta', controller.signal);
    controller.abort();
    await leave();
    await expect.poll(() => charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['broken'] });
    const [row] = await database.owner`select completion_tokens as n, cost from usage_logs
      where organization_id = ${org.id} and action = 'ai_query'`;
    expect(row?.n).toBe(Math.ceil(answer.length / 4));
    expect(Number(row?.cost)).toBeGreaterThan(0);
  });
});

describe('case 9: the provider is cut without usage or its end', () => {
  it.each<[string, StreamStep]>([
    ['cut', 'cut'],
    ['ended without its end', { waitMs: 1 }],
  ])('%s: the client is told, and what was produced is charged', async (_, end) => {
    const { org, app } = await scene([{ stream: [{ delta: 'The monthly rent' }, end] }]);
    const { body } = await follow(app, org, 'event: error');
    expect(body).toContain('urn:pandect:problem:ai-broke-off');
    expect(body).not.toContain('event: done');
    await expect.poll(() => charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['broken'] });
    expect(Number((await charged(org)).cost)).toBeGreaterThan(0);
  });
});

describe('case 10: 200, then an error in the stream', () => {
  it('its text is not charged', async () => {
    const { org, app } = await scene([{ stream: [{ delta: 'The monthly rent' }, { error: 'overloaded' }] }]);
    const { body } = await follow(app, org, 'event: error');
    expect(body).toContain('urn:pandect:problem:ai-failed');
    await expect.poll(() => charged(org)).toEqual({ ...nothing, rows: ['failed'] });
  });
});

describe('case 11: retry and fallback', () => {
  it('are one question with a cost row for each attempt, and the answer says which model gave it', async () => {
    const chat: Script = ({ model }) => (model === 'gpt-4' ? { status: 503, headers: { 'retry-after': '30' } } : fine);
    const { org, app } = await scene(chat);
    const { body } = await ask(app, org);
    expect(body).toMatchObject({
      model: 'gpt-3.5-turbo',
      metadata: { modelAlias: 'standard', attempts: 2, modelReason: 'policy advanced; gpt-4 failed' },
    });
    // 80 prompt tokens at 50 roubles a million, cached ones among them, and 20 others at 150.
    expect(await charged(org)).toEqual({ ...once, cost: '0.00700000', rows: ['failed', 'done'] });
    // What another model answered is not kept as this one's.
    expect((await ask(app, org)).body.cached).toBe(false);
  });
});

describe('case 12: one Idempotency-Key twice at once', () => {
  it('asks the provider once and is charged once', async () => {
    const slow = { stream: [{ waitMs: 200 }, { delta: answer }, { finish: 'stop' }, 'done'] } as const;
    const { org, app, others, server } = await scene([slow], { processes: 2 });
    const key = { 'idempotency-key': 'twice' };
    const statuses = await Promise.all([app, ...others].map(async (one) => (await ask(one, org, {}, key)).status));
    expect(statuses).toEqual([200, 200]);
    expect((await ask(app, org, {}, key)).status).toBe(200);
    expect(chats(server)).toHaveLength(1);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['done'] });
  });
});

describe('case 13: the process is killed between answer and settlement', () => {
  it('and the retry under its key settles the one question', async () => {
    const { org, app } = await scene([fine]);
    const key = { 'idempotency-key': 'killed' };
    // What a killed process leaves: a key that no one marks any more, and a reservation that was started.
    const requestId = requestIdOf(org.owner, 'killed');
    const tokensPerMinute = { external: 1_000_000, internal: 1 };
    await createAdmission(database.tenant, { tokensPerMinute }).admit({
      ...{
        caller: org.owner,
        requestId,
        secondsOpen: 60,
        tokens: { questionTokens: 10, contextTokens: 0, maxTokens: [10] },
      },
      models: policyModels('gpt-4'),
    });
    await startAttempt(database.tenant, org.id, requestId);
    expect((await ask(app, org, {}, key)).status).toBe(200);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost', 'done'] });
    expect((await ask(app, org, {}, key)).status).toBe(200);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost', 'done'] });
  });
});

describe('case 14: an orphaned reservation', () => {
  it('expires, and a settlement that comes late is correct all the same', async () => {
    const steps = [
      { delta: 'The monthly rent' },
      { waitMs: 400 },
      { delta: ' is 1,200 euros [1].' },
      { finish: 'stop' },
    ];
    const { org, app } = await scene([{ stream: [...steps, 'done'] } as never]);
    const asking = ask(app, org);
    const started = async () =>
      (await database.owner`select 1 from usage_reservations where organization_id = ${org.id} and state = 'started'`)
        .length;
    await expect.poll(started, { timeout: 10_000 }).toBe(1);
    await expireUnits(database.platform, new Date(Date.now() + 3_600_000));
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost'] });
    expect((await asking).status).toBe(200);
    // The attempt was charged with what was reserved; that it ended well is no second charge.
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost'] });
  });
});

describeReconciliation(database);
