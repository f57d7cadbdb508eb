import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  checkBooks,
  createYookassaProvider,
  requestTopUp,
  startPayment,
  topUpPacks,
} from '../../modules/commerce/billing/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { startYookassaServer } from '../../modules/testing/yookassa-server.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue, defineJob } from '../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { holdTable, startUnitProcess, untilBlocked } from '../../platform/testing/unit-process.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const queue = createQueue(database.url('platform'));
const shop = await startYookassaServer();
const OUTBOUND_WHITELIST = new URL(shop.baseUrl).host;
const yookassa = createYookassaProvider({
  ...{ ...shop.credentials, baseUrl: shop.baseUrl },
  ...{ origin: 'https://pandect.example', allowedHosts: [OUTBOUND_WHITELIST] },
});
const deps = {
  database: database.billing,
  notifications: createNotifications(queue),
  providers: { yookassa },
};
afterAll(async () => {
  await shop.close();
  await queue.close();
  await database.close();
});

const tendJob = defineJob({ queue: 'subscriptions', schema: z.strictObject({}) });
const start = () =>
  startUnitProcess({ kind: 'worker', name: 'subscriptions', manifest }, database, {
    environment: {
      YOOKASSA_SHOP_ID: shop.credentials.shopId,
      YOOKASSA_SECRET_KEY: shop.credentials.secretKey,
      ...{ YOOKASSA_BASE_URL: shop.baseUrl, OUTBOUND_WHITELIST },
    },
  });
/** A payment that was made at the shop, of which nothing was told. @returns the organization */
async function paid(): Promise<string> {
  const { id } = await testOrganization(database);
  const at = new Date();
  const invoice = await deps.database.tenant(id, (tx) =>
    requestTopUp({ tx, deps, organizationId: id, at, actor: {} }, topUpPacks[0], 'one'),
  );
  const { providerPaymentId } = await startPayment(deps, invoice, 'yookassa', at);
  shop.change(providerPaymentId ?? '', { status: 'succeeded' });
  return id;
}
/** A subscription whose next invoice is due. @returns the organization */
async function ending(): Promise<string> {
  const { id } = await testOrganization(database, { tier: 'basic' });
  await database.owner`
    insert into subscriptions (organization_id, state, tier, period_start, period_end, anchor_day, buyer)
    values (${id}, 'active', 'basic', now() - interval '25 days', now() + interval '5 days', 1, '{"name":"Buyer"}')`;
  return id;
}
const count = async (table: string, id: string) =>
  (await database.owner`select 1 from ${database.owner(table)} where organization_id = ${id}`).length;
const credits = async (id: string) =>
  Number((await database.owner`select question_credits from organizations where id = ${id}`)[0]?.question_credits);

it.each(['ledger_entries', 'notifications'])(
  'a process killed before its first row in %s doubles no charge, invoice or letter, and loses none',
  { timeout: 120_000 },
  async (table) => {
    const [payers, subscribers] = [
      [await paid(), await paid()],
      [await ending(), await ending()],
    ];
    const held = await holdTable(database, table);
    await database.platform.transaction((tx) => queue.send(tx, tendJob, {}));
    const first = await start();
    await untilBlocked(database, 'pandect subscriptions');
    await first.kill();
    await held.release();
    for (const id of payers) expect(await credits(id)).toBe(0);

    const second = await start();
    const isDone = async () => (await Promise.all(subscribers.map((id) => count('notifications', id)))).every(Boolean);
    while (!(await isDone())) await sleep(50);
    await second.kill();
    for (const id of payers) expect([await credits(id), await count('ledger_transactions', id)]).toEqual([100, 2]);
    for (const id of subscribers) {
      const counts = await Promise.all(['invoices', 'ledger_transactions', 'notifications'].map((of) => count(of, id)));
      expect(counts).toEqual([1, 1, 1]);
    }
    expect(await database.platform.transaction(checkBooks)).toEqual([]);
  },
);
