/*
 * What gateways and billing systems fail at, case by case, at the function itself. Money that comes in (a webhook, a top-up or an
 * invoice job twice) is case 20, in `platform/capabilities/billing`.
 */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAdmission } from '../../platform/capabilities/limits/index.ts';
import {
  expireQuestions,
  reconcileUsage,
  requestIdOf,
  settleQuestion,
  startAttempt,
} from '../../platform/capabilities/usage/index.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { readyDocument } from '../../platform/testing/document.ts';
import {
  type OpenAiServer,
  type Script,
  type StreamStep,
  say,
  startOpenAiServer,
} from '../../platform/testing/openai-server.ts';
import { type TestOrganization, testOrganization } from '../../platform/testing/organization.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase({ connections: 10 });
const home = await testApp(database, { name: 'ask', manifest, module });
afterAll(async () => {
  await home.close();
  await database.close();
});

const question = 'What is the monthly rent?';
const answer = 'The monthly rent is 1,200 euros [1].';
const fine = say(answer, { prompt: 80, completion: 20, cached: 30 });
const away = { REDIS_URL: 'redis://localhost?path=/nowhere/redis.sock' };

interface Scene {
  org: TestOrganization;
  app: TestApp;
  /** The same function in other processes. */
  others: TestApp[];
  server: OpenAiServer;
}

/** An organization with a document, and processes that ask a provider which follows a script. */
async function scene(
  chat: Script,
  options: { tier?: string; figures?: object; processes?: number; environment?: TestEnvironment } = {},
): Promise<Scene> {
  const { tier = 'enterprise', figures, processes = 1, environment = {} } = options;
  const org = await testOrganization(database, { tier });
  if (figures) {
    await database.owner`insert into plan_overrides ${database.owner({ organization_id: org.id, ...figures })}`;
  }
  const place = { database, folder: home.folder, organizationId: org.id };
  await readyDocument(place, { fileName: 'lease.txt', content: 'The monthly rent is 1,200 euros.' });
  const server = await startOpenAiServer({ chat, dimensions: 384 });
  const settings: TestEnvironment = {
    ...{ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
    ...{ AI_MODEL_STANDARD: 'gpt-3.5-turbo', AI_MODEL_ADVANCED: 'gpt-4', AI_TIMEOUT_SECONDS: '20', ...environment },
  };
  const start = () =>
    testApp(database, { name: 'ask', manifest, module }, { environment: settings, folder: home.folder });
  const [app, ...others] = await Promise.all(Array.from({ length: processes }, start));
  onTestFinished(async () => {
    for (const one of [app as TestApp, ...others]) await one.close();
    await server.close();
  });
  // Without its moment to connect, a process that waits for no Redis would meet the fallbacks.
  if (!environment.REDIS_URL) {
    for (const one of [app as TestApp, ...others]) {
      const client = await one.boot.use(redis);
      await expect.poll(() => client.status).toBe('ready');
    }
  }
  return { org, app: app as TestApp, others, server };
}
const ask = (app: TestApp, org: TestOrganization, json: object = {}, headers: Record<string, string> = {}) =>
  app.json('POST /api/ask', { as: org.owner, json: { question, ...json }, headers });
const chats = ({ requests }: OpenAiServer) => requests.filter(({ path }) => path.endsWith('/chat/completions'));

/** What was counted and charged. */
async function charged({ id }: TestOrganization) {
  const [row] = await database.owner`
    select questions_used::int as questions, tokens_used::int as tokens, ai_cost as cost,
      (select coalesce(sum(used), 0)::int from question_counters where organization_id = ${id} and period = 'month') as counted,
      (select coalesce(array_agg(outcome order by created_at, attempt), '{}') from usage_logs
        where organization_id = ${id} and action = 'ai_query') as rows
    from organizations where id = ${id}`;
  return { ...row };
}
const nothing = { questions: 0, tokens: 0, cost: '0.00000000', counted: 0 };
const none = { ...nothing, rows: [] };
// 50 prompt tokens at 3,000 roubles a million, 30 cached ones at the same, 20 others at 6,000.
const once = { questions: 1, tokens: 100, cost: '0.36000000', counted: 1, rows: ['done'] };

/** Asks for a stream, and reads it until it holds `until`. */
async function follow(app: TestApp, org: TestOrganization, until: string, signal = new AbortController().signal) {
  const response = await app.request('POST /api/ask', { as: org.owner, json: { question, stream: true }, signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  while (!body.includes(until)) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    body += piece.value;
  }
  return { body, leave: () => reader?.cancel() };
}

describe('case 1: many questions at once with k left', () => {
  it('1,000 with 10 left over several processes: exactly 10 are admitted, and none of the others asks the provider', async () => {
    const figures = { questions_per_day: 1000, concurrent_questions: 2000 };
    const { org, app, others, server } = await scene([fine], { figures, processes: 2 });
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values (${org.id}, 'day', ${today}, 990)`;
    const apps = [app, ...others];
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => ask(apps[n % 2] as TestApp, org, { question: `Rent number ${n}?` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect([200, 429].map((status) => statuses.filter((one) => one === status).length)).toEqual([10, 990]);
    expect(await charged(org)).toMatchObject({ questions: 10, counted: 10 });
    expect(chats(server)).toHaveLength(10);
  });
});

describe('case 2: several limits, one of which is used up', () => {
  it.each([
    ['daily-questions-used', { questions_per_day: 0 }, {}],
    ['monthly-questions-used', { questions_per_month: 0 }, {}],
    ['too-many-questions-at-once', { concurrent_questions: 0 }, {}],
    ['plan-limit-reached', {}, { RATE_LIMIT_EXTERNAL_TPM: '10' }],
  ])('%s: nothing is taken from any of them', async (type, figures, environment) => {
    const { org, app } = await scene([fine], { figures: { users: 1, ...figures }, environment });
    const { body, status } = await ask(app, org);
    expect([body.type, status]).toEqual([`urn:pandect:problem:${type}`, type === 'plan-limit-reached' ? 403 : 429]);
    expect(await charged(org)).toEqual(none);
    expect(await database.owner`select 1 from token_counters where organization_id = ${org.id}`).toHaveLength(0);
  });
});

describe('case 3: a request that is too large by itself', () => {
  it('takes nothing, so that a small one behind it passes', async () => {
    const { org, app } = await scene([fine], { figures: { max_tokens_per_question: 20 } });
    const refused = await ask(app, org, { question: 'word '.repeat(200) });
    expect(refused.body).toMatchObject({ type: 'urn:pandect:problem:plan-limit-reached', limit: 20, used: 250 });
    expect(await charged(org)).toEqual(none);
    expect((await ask(app, org)).status).toBe(200);
  });
});

describe('case 4: no limit of tokens, or several', () => {
  it('without one the plan’s is reserved beside the prompt', async () => {
    const { org, app } = await scene([{ stream: [{ waitMs: 300 }, { delta: answer }, { finish: 'stop' }, 'done'] }], {
      figures: { max_tokens_per_question: 1234 },
    });
    const asking = ask(app, org);
    const reserved = async () =>
      (await database.owner`select tokens::int from usage_reservations where organization_id = ${org.id}`)[0]?.tokens;
    await expect.poll(reserved).toBeGreaterThan(1234);
    expect((await asking).status).toBe(200);
  });
  // That the larger of several is reserved is shown in `platform/capabilities/limits/admission.test.ts`.
});

describe('case 5: a limit of tokens a minute below the estimate', () => {
  it('lets a small first request pass', async () => {
    const { org, app } = await scene([fine], { environment: { RATE_LIMIT_EXTERNAL_TPM: '5000' } });
    expect((await ask(app, org)).status).toBe(200);
    expect(await charged(org)).toEqual(once);
  });
});

describe('case 6: a model without a price', () => {
  it('is reserved and charged at the ceiling', async () => {
    const { org, app } = await scene([fine], { environment: { AI_MODEL_ADVANCED: 'brand-new' } });
    expect((await ask(app, org)).status).toBe(200);
    // 80 prompt tokens at 10,000 roubles a million, 20 others at 30,000.
    expect(await charged(org)).toMatchObject({ cost: '1.40000000' });
  });
});

describe('case 7: the client leaves before the first byte', () => {
  it('pays nothing, and its place is free again', async () => {
    const { org, app, server } = await scene(['hang'], { figures: { concurrent_questions: 1 } });
    const controller = new AbortController();
    const left = follow(app, org, 'event: delta', controller.signal);
    await expect.poll(() => chats(server).length).toBe(1);
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
    expect(statuses.toSorted()).toEqual([200, 409]);
    expect((await ask(app, org, {}, key)).status).toBe(200);
    expect(chats(server)).toHaveLength(1);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['done'] });
  });
});

describe('case 13: the process is killed between answer and settlement', () => {
  it('and the retry under its key settles the one question', async () => {
    const { org, app } = await scene([fine]);
    const key = { 'idempotency-key': 'killed' };
    // What a killed process leaves: a key that nobody marks any more, and a reservation that was started.
    const requestId = requestIdOf(org.owner, 'killed');
    const tokensPerMinute = { external: 1_000_000, internal: 1 };
    await createAdmission(database.tenant, { tokensPerMinute, secondsOpen: 60 }).admit({
      ...{ caller: org.owner, requestId, tokens: { questionTokens: 10, contextTokens: 0, maxTokens: [10] } },
      models: { standard: 'gpt-4', advanced: 'gpt-4', 'advanced-when-complex': 'gpt-4' },
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
    await expect.poll(started).toBe(1);
    await expireQuestions(database.platform, new Date(Date.now() + 3_600_000));
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost'] });
    expect((await asking).status).toBe(200);
    // The attempt was charged with what was reserved; that it ended well is no second charge.
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost'] });
  });
});

describe('case 15: Redis is down', () => {
  it('questions are admitted and refused just as exactly, each process answering by itself', async () => {
    const figures = { questions_per_day: 3 };
    const { org, app, others } = await scene([fine], { figures, processes: 2, environment: away });
    const apps = [app, ...others];
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(apps[n % 2] as TestApp, org)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await charged(org)).toMatchObject({ questions: 3, counted: 3 });
  });
  // That rates do not multiply by processes and a fallback answers in time is shown in `platform/capabilities/rates`.
});

describe('case 16: Redis is emptied', () => {
  it('what was used of day and month stays used', async () => {
    const { org, app } = await scene([fine], { figures: { questions_per_month: 1 } });
    expect((await ask(app, org)).status).toBe(200);
    const client = await app.boot.use(redis);
    const keys = await client.keys(`${database.name}:*`);
    if (keys.length > 0) await client.del(...keys);
    expect((await ask(app, org)).body.type).toBe('urn:pandect:problem:monthly-questions-used');
  });
});

describe('case 17: a window ends while the question is in work', () => {
  it.each([
    ['a day', '2026-03-30T23:59:59.500Z', '2026-03-30', '2026-03-01'],
    ['a month', '2026-02-28T23:59:59.500Z', '2026-02-28', '2026-02-01'],
    ['a year', '2026-12-31T23:59:59.500Z', '2026-12-31', '2026-12-01'],
    ['the hour that clocks are changed in elsewhere', '2026-03-29T00:59:59.500Z', '2026-03-29', '2026-03-01'],
  ])('%s: it is charged to the one of its admission', async (_, moment, day, month) => {
    const org = await testOrganization(database);
    const models = { standard: 'gpt-4', advanced: 'gpt-4', 'advanced-when-complex': 'gpt-4' };
    const tokens = { questionTokens: 1, contextTokens: 0, maxTokens: [1] };
    const tokensPerMinute = { external: 100, internal: 100 };
    const { requestId } = await createAdmission(database.tenant, { tokensPerMinute, secondsOpen: 60 }).admit(
      { caller: org.owner, requestId: crypto.randomUUID(), models, tokens },
      new Date(moment),
    );
    // Settled now, long after.
    await database.tenant.tenant(org.id, (tx) =>
      settleQuestion(tx, org.id, requestId, [
        { outcome: 'done', model: 'gpt-4', promptTokens: 1, completionTokens: 1, cachedTokens: 0 },
      ]),
    );
    const counters = await database.owner`
      select period, start::text, used from question_counters where organization_id = ${org.id} order by period`;
    expect([...counters]).toEqual([
      { period: 'day', start: day, used: 1 },
      { period: 'month', start: month, used: 1 },
    ]);
    const [total] = await database.owner`select month::text from usage_totals where organization_id = ${org.id}`;
    expect(total?.month).toBe(month);
    const [minute] =
      await database.owner`select minute, tokens::int from token_counters where organization_id = ${org.id}`;
    expect(minute).toEqual({ minute: new Date(`${moment.slice(0, 16)}:00Z`), tokens: 2 });
  });
});

describe('case 18: an answer from the cache', () => {
  it('uses no tokens, counts as a question, and never reaches another tenant', async () => {
    const { org, app, server } = await scene([fine]);
    const stranger = await testOrganization(database);
    await ask(app, org);
    expect((await ask(app, org)).body).toMatchObject({ cached: true, metadata: { attempts: 0 } });
    expect((await ask(app, stranger)).body.cached).toBe(false);
    expect(await charged(org)).toEqual({ ...once, questions: 2, counted: 2, rows: ['done', 'cached'] });
    expect(chats(server)).toHaveLength(2);
  });

  it('is made once for many equal questions at once, over several processes', async () => {
    const slow = { stream: [{ waitMs: 300 }, { delta: answer }, { finish: 'stop' }, 'done'] } as const;
    const { org, app, others, server } = await scene([slow], { processes: 2 });
    const apps = [app, ...others];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(apps[n % 2] as TestApp, org)));
    expect(answers.map(({ body }) => body.answer)).toEqual(Array.from({ length: 20 }, () => answer));
    expect(answers.filter(({ body }) => !body.cached)).toHaveLength(1);
    expect(chats(server)).toHaveLength(1);
    expect(await charged(org)).toMatchObject({ questions: 20, counted: 20 });
  });

  it('is waited for by the next one when the first one leaves', async () => {
    let turn = 0;
    const chat: Script = () => (turn++ === 0 ? 'hang' : fine);
    const { org, app, server } = await scene(chat);
    const controller = new AbortController();
    const left = follow(app, org, 'event: done', controller.signal);
    await expect.poll(() => chats(server).length).toBe(1);
    const next = ask(app, org);
    await expect
      .poll(
        async () =>
          (
            await database.owner`
      select 1 from usage_reservations where organization_id = ${org.id}`
          ).length,
      )
      .toBe(2);
    controller.abort();
    await left.catch(() => {});
    expect((await next).body).toMatchObject({ answer, cached: false });
  });
});

describe('case 19: cached and reasoning tokens', () => {
  it('are not billed twice, and money is exact to its last digit', async () => {
    await database.owner`insert into model_prices values ('exact', '2026-01-01', 3333.33, 6666.67, 1111.11)`;
    // The count of an answer holds its reasoning already.
    const counted = say(answer, { prompt: 1003, completion: 57, cached: 401 });
    const { org, app } = await scene([counted], { environment: { AI_MODEL_ADVANCED: 'exact' } });
    expect((await ask(app, org)).body.usage).toEqual({ promptTokens: 1003, completionTokens: 57, cachedTokens: 401 });
    const exact = 602n * 333_333n + 401n * 111_111n + 57n * 666_667n;
    expect(BigInt(String((await charged(org)).cost).replace('.', ''))).toBe(exact);
    expect((await charged(org)).tokens).toBe(1060);
  });
});

describe('after all of this', () => {
  it('logs, totals and sums agree to the last digit', async () => {
    expect(await reconcileUsage(database.platform)).toEqual([]);
  });
});
