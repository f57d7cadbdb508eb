import { afterAll, describe, expect, it } from 'vitest';
import { createAdmission, recordUsage, settleUnits } from '../../modules/commerce/metering/index.ts';
import { type TestMember, type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { policyModels } from '../../modules/testing/policy-models.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const environment = { RATE_LIMIT_EXTERNAL_TPM: '100000', RATE_LIMIT_PERSON_RPM: '600' };
const app = await testApp(database, { name: 'usage', manifest, module }, { environment });
afterAll(async () => {
  await app.close();
  await database.close();
});
const tokensPerMinute = { external: 1_000_000, internal: 1_000_000 };
const admission = createAdmission(database.tenant, { tokensPerMinute });
const models = policyModels('gpt-4');

async function question(of: TestMember, at?: Date, settled = true): Promise<void> {
  const requestId = crypto.randomUUID();
  const tokens = { questionTokens: 10, contextTokens: 0, maxTokens: [5] };
  await admission.admit({ caller: of, requestId, models, tokens, secondsOpen: 60 }, at);
  const used = { promptTokens: 10, completionTokens: 2, cachedTokens: 4 };
  if (!settled) return;
  await database.tenant.tenant(of.organizationId, (tx) =>
    settleUnits(tx, of.organizationId, requestId, { attempts: [{ outcome: 'done', model: 'gpt-4', ...used }] }),
  );
}
const search = ({ id, owner }: TestOrganization) =>
  database.tenant.tenant(id, (tx) => recordUsage(tx, owner, { action: 'search' }));

describe('GET /api/usage', () => {
  it('sums this month by action and model and by person, for the caller’s organization alone', async () => {
    const [mine, theirs] = [await testOrganization(database), await testOrganization(database)];
    const [colleague, gone] = [await mine.addMember('member'), await mine.addMember('member')];
    for (const one of [mine.owner, colleague, gone, theirs.owner]) await question(one);
    await search(mine);
    await question(mine.owner, new Date(Date.now() - 40 * 86_400_000));
    await database.owner`delete from users where id = ${gone.userId}`;
    const { status, body } = await app.json('GET /api/usage', { as: colleague });
    expect(status).toBe(200);
    expect(body.since).toMatch(/^\d{4}-\d\d-01T00:00:00.000Z$/);
    // 6 prompt tokens and 4 cached ones at 3,000 roubles a million, 2 others at 6,000.
    const each = { promptTokens: 10, completionTokens: 2, cachedTokens: 4 };
    const none = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
    const all = { promptTokens: 30, completionTokens: 6, cachedTokens: 12, cost: '0.12600000' };
    expect(body.total).toEqual({ count: 4, ...all });
    expect(body.items).toEqual([
      { action: 'ai_query', model: 'gpt-4', count: 3, ...all },
      { action: 'search', model: null, count: 1, ...none, cost: '0.00000000' },
    ]);
    const people = [
      { userId: mine.owner.userId, email: mine.owner.email, count: 2, ...each, cost: '0.04200000' },
      { userId: colleague.userId, email: colleague.email, count: 1, ...each, cost: '0.04200000' },
      { userId: null, email: null, count: 1, ...each, cost: '0.04200000' },
    ];
    expect(body.people).toHaveLength(3);
    expect(body.people).toEqual(expect.arrayContaining(people));
  });

  it('shows the month that is asked for, and refuses what is none', async () => {
    const { owner } = await testOrganization(database);
    await question(owner, new Date('2026-01-31T23:59:59Z'));
    const { body } = await app.json('GET /api/usage?month=2026-01', { as: owner });
    expect([body.since, body.total.count]).toEqual(['2026-01-01T00:00:00.000Z', 1]);
    expect((await app.json('GET /api/usage?month=2026-02', { as: owner })).body.total.count).toBe(0);
    for (const month of ['2026-13', '2026-1', '0000-00', "2026-01'", '']) {
      expect((await app.json(`GET /api/usage?month=${month}`, { as: owner })).status).toBe(400);
    }
  });

  it('has nothing for an organization that used nothing', async () => {
    const { owner } = await testOrganization(database);
    const { body } = await app.json('GET /api/usage', { as: owner });
    expect([body.items, body.people, body.total]).toEqual([
      [],
      [],
      { count: 0, promptTokens: 0, completionTokens: 0, cachedTokens: 0, cost: '0.00000000' },
    ]);
  });
});

describe('GET /api/usage/days', () => {
  it('sums the days of a month on which anything was used, for the caller’s organization alone', async () => {
    const [mine, theirs] = [await testOrganization(database), await testOrganization(database)];
    for (const at of ['2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z', '2026-02-05T08:00:00Z', '2026-02-05T20:00:00Z'])
      await question(mine.owner, new Date(at));
    await question(theirs.owner, new Date('2026-02-05T08:00:00Z'));
    const { status, body } = await app.json('GET /api/usage/days?month=2026-02', { as: mine.owner });
    const one = { count: 1, promptTokens: 10, completionTokens: 2, cachedTokens: 4, cost: '0.04200000' };
    const two = { count: 2, promptTokens: 20, completionTokens: 4, cachedTokens: 8, cost: '0.08400000' };
    expect([status, body]).toEqual([
      200,
      {
        since: '2026-02-01T00:00:00.000Z',
        days: [
          { day: '2026-02-01', ...one },
          { day: '2026-02-05', ...two },
        ],
      },
    ]);
  });

  it('has no days for an organization that used nothing, and refuses what is no month', async () => {
    const { owner } = await testOrganization(database);
    expect((await app.json('GET /api/usage/days', { as: owner })).body.days).toEqual([]);
    expect((await app.json('GET /api/usage/days?month=2026-13', { as: owner })).status).toBe(400);
  });
});

describe('GET /api/limits', () => {
  it('shows what each limit allows, what is used and left of it, and when it resets', async () => {
    const mine = await testOrganization(database, { tier: 'demo' });
    await mine.addMember('member');
    await database.owner`update organizations set question_credits = 7 where id = ${mine.id}`;
    await database.owner`insert into plan_overrides (organization_id, documents) values (${mine.id}, 8)`;
    await question(mine.owner);
    await question(mine.owner, undefined, false);
    const { status, body } = await app.json('GET /api/limits', { as: mine.owner });
    expect(status).toBe(200);
    const reset = { resetSeconds: expect.any(Number), resetAt: expect.stringMatching(/T00:00:00.000Z$/) };
    expect(body).toEqual({
      tier: 'demo',
      channel: 'external',
      requestsPerMinute: 600,
      tokensPerMinute: expect.objectContaining({ limit: 100_000, resetAt: expect.stringMatching(/:00.000Z$/) }),
      questions: {
        day: { used: 2, limit: 10, left: 8, ...reset },
        month: { used: 2, limit: 100, left: 98, ...reset },
        atOnce: { used: 1, limit: 2, left: 1 },
        credits: 7,
      },
      documents: { used: 0, limit: 8, left: 8 },
      storageBytes: { used: 0, limit: 107_374_182, left: 107_374_182 },
      users: { used: 2, limit: 1, left: 0 },
      fileBytes: 5 * 1024 ** 2,
      tokensPerQuestion: 500,
      credits: [{ unit: 'question', name: { ru: 'вопросы', en: 'questions' }, amount: 7 }],
      units: expect.any(Array),
    });
    const image = { unit: 'image', name: { ru: 'изображения', en: 'images' }, used: 0, ...reset };
    const reading = { unit: 'reading', name: { ru: 'расклады', en: 'readings' }, used: 0, ...reset };
    expect(body.units).toEqual([
      { unit: 'question', name: { ru: 'вопросы', en: 'questions' }, period: 'day', ...body.questions.day },
      { unit: 'question', name: { ru: 'вопросы', en: 'questions' }, period: 'month', ...body.questions.month },
      { ...image, period: 'day', limit: 5, left: 5 },
      { ...image, period: 'month', limit: 30, left: 30 },
      { ...reading, period: 'day', limit: 20, left: 20 },
      { ...reading, period: 'month', limit: 200, left: 200 },
      { unit: 'document', name: { ru: 'документы', en: 'documents' }, ...body.documents },
      { unit: 'byte', name: { ru: 'место для файлов, байт', en: 'file storage, bytes' }, ...body.storageBytes },
      { unit: 'user', name: { ru: 'пользователи', en: 'users' }, ...body.users },
    ]);
    // Nothing when a minute began in the meantime; else 12 tokens of the one question, and 15 reserved for the other.
    expect([0, 15, 27]).toContain(body.tokensPerMinute.used);
    expect(body.tokensPerMinute.left).toBe(100_000 - body.tokensPerMinute.used);
    expect(body.questions.day.resetSeconds).toBeGreaterThan(0);
    expect(body.questions.day.resetSeconds).toBeLessThanOrEqual(86_400);
  });
});
