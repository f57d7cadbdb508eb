import { afterAll, expect, it } from 'vitest';
import { checkBooks, requestTopUp, startPayment, topUpPacks } from '../../modules/commerce/billing/index.ts';
import { createBankProvider } from '../../modules/commerce/billing/payments/bank-provider.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { holdTable, startUnitProcess, untilBlocked } from '../../platform/testing/unit-process.ts';
import manifest from './function.ts';

const database = await testDatabase();
const queue = createQueue(database.url('billing'));
const notifications = createNotifications(queue);
afterAll(async () => {
  await queue.close();
  await database.close();
});

it('a process killed while it confirms a transfer leaves nothing half done, and asking again counts once', {
  timeout: 120_000,
}, async () => {
  const { owner: admin } = await testOrganization(database);
  await database.owner`update users set administrator = true where id = ${admin.userId}`;
  const { id: organizationId } = await testOrganization(database);
  const at = new Date();
  const deps = { database: database.billing, notifications, providers: { bank: createBankProvider() } };
  const invoice = await database.billing.tenant(organizationId, (tx) =>
    requestTopUp({ tx, deps, organizationId, at, actor: {} }, topUpPacks[0], 'one'),
  );
  const payment = await startPayment(deps, invoice, 'bank', at);
  const start = () => startUnitProcess({ kind: 'function', name: 'admin', manifest }, database);
  const { amount, currency } = payment;
  const order = { token: admin.token, json: { amount, currency } };
  const left = async () => {
    const [row] = await database.owner`
      select p.state, o.question_credits::int as credits,
        (select count(*)::int from ledger_transactions t where t.organization_id = o.id) as booked,
        (select count(*)::int from audit_log a where a.organization_id = o.id and action = 'receive-payment') as acts
      from organizations o join payments p on p.organization_id = o.id where p.id = ${payment.id}`;
    return { ...row };
  };

  const held = await holdTable(database, 'ledger_entries');
  const first = await start();
  const lost = first.send(`POST /api/admin/payments/${payment.id}/confirm`, order).catch(() => 'lost');
  await untilBlocked(database, 'pandect admin');
  await first.kill();
  expect(await lost).toBe('lost');
  await held.release();
  expect(await left()).toEqual({ state: 'pending', credits: 0, booked: 1, acts: 0 });

  const second = await start();
  for (let times = 0; times < 2; times++) {
    expect(await second.send(`POST /api/admin/payments/${payment.id}/confirm`, order)).toBe(200);
  }
  await second.kill();
  expect(await left()).toEqual({ state: 'succeeded', credits: 100, booked: 2, acts: 1 });
  expect(await database.platform.transaction(checkBooks)).toEqual([]);
});
