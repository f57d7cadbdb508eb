import { drizzle } from 'drizzle-orm/postgres-js';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { seedPlans } from '../../db/initial-plans.ts';
import { createMetering, releaseUnits, settleUnits, tellReserved } from '../../modules/commerce/metering/index.ts';
import { renderMail } from '../../modules/messages/render-mail.ts';
import { addUnits } from '../../modules/testing/more-units.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { startYookassaServer } from '../../modules/testing/yookassa-server.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { type Problem, toProblemDocument } from '../../platform/kernel/problem.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as usage from '../usage/app.ts';
import usageManifest from '../usage/function.ts';
import * as module from './app.ts';
import manifest from './function.ts';

// The one entry. Everything below works without another line anywhere.
addUnits({
  drawing: {
    code: 'drawings',
    words: {
      ru: { name: 'рисунки', forms: ['рисунок', 'рисунка', 'рисунков'], pack: 'Рисунки' },
      en: { name: 'drawings', forms: ['drawing', 'drawings'], pack: 'Drawings' },
    },
    periods: ['day', 'month'],
    plans: { demo: { day: 2, month: 40 }, basic: { day: 21, month: 400 } },
    packs: [{ amount: 5, price: 19_900 }],
  },
});

const database = await testDatabase();
const client = connect(database.ownerUrl);
await seedPlans(drizzle({ client, casing: 'snake_case' }));
await client.end();
const queue = createQueue(database.url('tenant'));
const notifications = createNotifications(queue);
const shop = await startYookassaServer();
const environment = {
  YOOKASSA_SHOP_ID: shop.credentials.shopId,
  YOOKASSA_SECRET_KEY: shop.credentials.secretKey,
  YOOKASSA_BASE_URL: shop.baseUrl,
  OUTBOUND_WHITELIST: new URL(shop.baseUrl).host,
};
const billing = await testApp(database, { name: 'billing', manifest, module }, { environment });
const limits = await testApp(database, { name: 'usage', manifest: usageManifest, module: usage });
afterAll(async () => {
  await billing.close();
  await limits.close();
  await shop.close();
  await queue.close();
  await database.close();
});

const metering = createMetering(database.tenant, { tokensPerMinute: { external: 0, internal: 0 } });
const mine = await testOrganization(database, { tier: 'demo' });
const owner = { organizationId: mine.id };
const within = database.tenant.tenant.bind(undefined, mine.id);
const name = { ru: 'рисунки', en: 'drawings' };

async function read() {
  const requestId = crypto.randomUUID();
  const request = {
    owner,
    userId: mine.owner.userId,
    requestId,
    action: 'drawing',
    amounts: { drawing: 1 },
    secondsOpen: 60,
  };
  return metering.reserve(request);
}
const used = async () => {
  const { body } = await limits.json('GET /api/limits', { as: mine.owner });
  const find = (period: string) =>
    body.units.find((one: Record<string, unknown>) => one.unit === 'drawing' && one.period === period);
  return { day: find('day'), month: find('month'), credits: body.credits };
};

describe('a unit that was added', () => {
  it('stands in the plans with its limits and packs', async () => {
    const { body } = await billing.json('GET /api/plans');
    const basic = body.items[1].units.filter(({ unit }: { unit: string }) => unit === 'drawing');
    expect(basic).toEqual([
      { unit: 'drawing', name, period: 'day', amount: 21 },
      { unit: 'drawing', name, period: 'month', amount: 400 },
    ]);
    expect(body.packs.at(-1)).toEqual({ unit: 'drawing', name, amount: 5, price: 19_900 });
  });

  it('is reserved, settled and given back, which its limits show', async () => {
    const [first, second] = [await read(), await read()];
    await within((tx) => settleUnits(tx, mine.id, first.requestId));
    await within((tx) => releaseUnits(tx, mine.id, second.requestId));
    expect((await used()).day).toMatchObject({ name, used: 1, limit: 2, left: 1, resetAt: expect.any(String) });
    expect((await used()).month).toMatchObject({ used: 1, limit: 40, left: 39 });
    const { body } = await limits.json('GET /api/usage', { as: mine.owner });
    expect(body.items).toEqual([expect.objectContaining({ action: 'drawing', count: 1 })]);
  });

  it('is told of by letters in both languages when its limit is reached', async () => {
    const reserved = await read();
    await within((tx) => tellReserved(tx, notifications, mine.id, reserved));
    const letters =
      await database.owner`select kind, reference, parameters from notifications where organization_id = ${mine.id}`;
    expect(letters.map(({ kind, reference }) => [kind, reference])).toEqual([
      ['limit-reached', `drawings/day/${new Date().toISOString().slice(0, 10)}/100`],
    ]);
    const subject = (language: 'ru' | 'en') =>
      renderMail('limit-reached', language, letters[0]?.parameters, 'https://pandect.example').subject;
    expect([subject('ru'), subject('en')]).toEqual([
      'Лимит исчерпан: рисунки за сутки',
      'A limit is reached: drawings a day',
    ]);
  });

  it('is refused beyond its limit, with the words of its language and what the next plan allows', async () => {
    const problem = (await read().catch((error: unknown) => error)) as Problem;
    expect(toProblemDocument(problem, 'en')).toMatchObject({
      ...{ type: 'urn:pandect:problem:units-used', status: 429, unit: 'drawing', what: 'day' },
      detail: 'The limit of 2 drawings a day is reached',
      ...{ limit: 2, used: 2, nextTier: 'basic', nextTierLimit: 21 },
    });
    expect(toProblemDocument(problem, 'ru').detail).toBe('Исчерпан лимит: 2 рисунка в сутки');
    expect(problem.headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      ratelimit: expect.stringMatching(/^"daily-drawings";r=0;t=\d+$/),
      'ratelimit-policy': '"daily-drawings";q=2;w=86400',
    });
  });

  it('is bought, with an invoice in both languages, and used when the plan’s own is', async () => {
    const json = { unit: 'drawing', amount: 5, provider: 'yookassa' };
    const wrong = await billing.json('POST /api/top-ups', { as: mine.owner, json: { ...json, amount: 6 } });
    expect([wrong.status, wrong.body.errors]).toEqual([400, [{ path: 'body.amount', message: 'must be one of 5' }]]);
    const { body, status } = await billing.json('POST /api/top-ups', { as: mine.owner, json });
    expect([status, body.invoice.total]).toEqual([201, 19_900]);
    expect(body.invoice.lines).toEqual([
      { text: 'Рисунки, пакет 5 шт.', textEn: 'Drawings, pack of 5', quantity: 1, price: 19_900, amount: 19_900 },
    ]);
    const paid = shop.payments.find(({ metadata }) => metadata.paymentId === body.payment.id);
    if (!paid) throw new Error('Find payment: the shop has none');
    shop.change(paid.id, { status: 'succeeded' });
    for (let times = 0; times < 2; times++) {
      const json = { type: 'notification', event: 'payment.succeeded', object: { ...paid, status: 'succeeded' } };
      await billing.json('POST /api/billing/webhooks/yookassa', { json });
    }
    expect((await used()).credits).toEqual([{ unit: 'drawing', name, amount: 5 }]);
    await read();
    expect(await used()).toMatchObject({ day: { used: 2 }, credits: [{ unit: 'drawing', name, amount: 4 }] });
  });
});
