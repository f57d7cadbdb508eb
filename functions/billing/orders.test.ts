import { afterAll, describe, expect, it } from 'vitest';
import { checkBooks } from '../../modules/commerce/billing/index.ts';
import { checkWallets } from '../../modules/commerce/wallets/check-wallets.ts';
import { createOrder, openWallet, orderPath } from '../../modules/commerce/wallets/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { startYookassaServer } from '../../modules/testing/yookassa-server.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const shop = await startYookassaServer();
const environment = {
  YOOKASSA_SHOP_ID: shop.credentials.shopId,
  YOOKASSA_SECRET_KEY: shop.credentials.secretKey,
  YOOKASSA_BASE_URL: shop.baseUrl,
  OUTBOUND_WHITELIST: new URL(shop.baseUrl).host,
};
const app = await testApp(database, { name: 'billing', manifest, module }, { environment });
afterAll(async () => {
  expect(await database.platform.transaction(checkBooks)).toEqual([]);
  expect(await database.platform.transaction(checkWallets)).toEqual([]);
  await app.close();
  await shop.close();
  await database.close();
});

async function ordered(packId = 'reading-5') {
  const { id: organizationId } = await testOrganization(database);
  const bot = { id: crypto.randomUUID(), organizationId, settings: {} };
  const { walletId, order } = await database.tenant.tenant(organizationId, async (tx) => {
    const settings = { organizationId, kind: 'bot-user', reference: 'one', timeZone: 'UTC', free: {} } as const;
    const wallet = await openWallet(tx, settings);
    return { walletId: wallet, order: await createOrder(tx, { bot, walletId: wallet, packId, attempt: 'one' }) };
  });
  const bought = async () => {
    const [row] = await database.owner`
      select coalesce(sum(amount), 0)::int as n from unit_credits where owner_id = ${walletId} and unit = 'reading'`;
    return row?.n;
  };
  return { organizationId, order, path: orderPath(order), bought };
}
const follow = (path: `/${string}`) => app.request(`GET ${path}`);
const notify = (object: object) =>
  app.json('POST /api/billing/webhooks/yookassa', {
    json: { type: 'notification', event: 'payment.succeeded', object },
  });
const atShop = (organizationId: string) =>
  shop.payments.filter(({ metadata }) => metadata.organizationId === organizationId);

describe('an order of a bot’s user', () => {
  it('leads to one payment, however often it is followed, and credits the wallet once (cases 9, 13)', async () => {
    const { organizationId, path, bought } = await ordered();
    const answers = await Promise.all(Array.from({ length: 3 }, () => follow(path)));
    const [paid] = atShop(organizationId);
    expect(atShop(organizationId)).toHaveLength(1);
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('location')]).toEqual([302, paid?.confirmation?.confirmation_url]);
    }
    expect(paid?.amount).toEqual({ value: '149.00', currency: 'RUB' });
    await notify(paid as object);
    expect(await bought()).toBe(0);
    shop.change(paid?.id as string, { status: 'succeeded' });
    await Promise.all(Array.from({ length: 5 }, () => notify(paid as object)));
    expect(await bought()).toBe(5);
    expect((await follow(path)).status).toBe(409);
    const [row] = await database.owner`select state from wallet_orders where organization_id = ${organizationId}`;
    expect(row?.state).toBe('paid');
    const letters = await database.owner`select 1 from notifications where organization_id = ${organizationId}`;
    expect(letters).toHaveLength(0);
  });

  it('is credited nothing when another amount was paid', async () => {
    const { organizationId, path, bought } = await ordered();
    await follow(path);
    const [paid] = atShop(organizationId);
    shop.change(paid?.id as string, { status: 'succeeded', amount: { value: '1.00', currency: 'RUB' } });
    await notify(paid as object);
    expect(await bought()).toBe(0);
    const [row] = await database.owner`
      select mismatch from payments where organization_id = ${organizationId} and provider = 'yookassa'`;
    expect(row?.mismatch).toMatch(/its amount is/);
  });

  it('that is sold for Stars alone, out of date, of another organization or suspended is not there', async () => {
    const [monthly, stale, mine, closed] = [
      await ordered('reading-30-monthly'),
      await ordered(),
      await ordered(),
      await ordered(),
    ];
    await database.owner`update wallet_orders set created_at = now() - interval '8 days' where id = ${stale.order.id}`;
    await database.owner`update organizations set suspended_at = now() where id = ${closed.organizationId}`;
    const foreign = orderPath({ organizationId: stale.organizationId, id: mine.order.id });
    for (const path of [
      monthly.path,
      stale.path,
      closed.path,
      foreign,
      `${mine.path}x` as const,
      orderPath({ ...mine.order, id: crypto.randomUUID() }),
    ]) {
      expect((await follow(path)).status).toBe(404);
    }
  });
});
