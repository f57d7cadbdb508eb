import { beforeEach, describe, expect, it } from 'vitest';
import { checkWallets } from './check-wallets.ts';
import { walletScene } from './wallets.fixture.ts';

const { database, person } = await walletScene();
const sql = database.owner;
const found = async () =>
  (await database.platform.transaction(checkWallets)).map(({ check, detail }) => `${check}: ${detail}`);
beforeEach(async () => {
  // What was broken before is no longer looked at.
  await sql`truncate wallet_entries, unit_credits, usage_reservations, telegram_payments, usage_counters`;
});

describe('the check of wallets', () => {
  it('finds a balance that its entries do not explain', async () => {
    const one = await person();
    await one.grant(3, 'one');
    expect(await found()).toEqual([]);
    await sql`update unit_credits set amount = 4 where owner_id = ${one.walletId}`;
    expect(await found()).toEqual(['balance: its entries sum to 3, and it has 4']);
  });

  it('finds a hold that nothing ends, and one that took nothing', async () => {
    const one = await person();
    await one.grant(3, 'one');
    const { requestId } = await one.reserve();
    expect(await found()).toEqual([]);
    await sql`
      update usage_reservations set expires_at = now() - interval '31 minutes', wallet_credits = '{"reading": 2}'
      where request_id = ${requestId}`;
    expect(await found()).toEqual([
      'held-by-entries: it is reserved with 2, and its entries took 1',
      expect.stringMatching(/^hold-without-work: it should have ended at 20/),
    ]);
  });

  it('finds payments that were not credited, or not booked, or that are to be paid back', async () => {
    const one = await person();
    expect(await one.pay({ payload: 'forged', totalAmount: 9 })).toMatchObject({ outcome: 'mismatch' });
    expect(await found()).toEqual(['to-be-paid-back: it is mismatch: no order has its payload']);
    await sql`
      insert into telegram_payments (bot_id, charge_id, organization_id, wallet_id, currency, amount, state, unit, units, paid_at)
      values (${one.bot.id}, 'lost', ${one.id}, ${one.walletId}, 'XTR', 75, 'credited', 'reading', 5, now())`;
    expect(await found()).toEqual([
      'credited-once: it is credited, and 0 entries credit it',
      'stars: the ledger says 9, payments 84',
      'to-be-paid-back: it is mismatch: no order has its payload',
    ]);
    await sql`update telegram_payments set state = 'refunded' where organization_id = ${one.id}`;
    expect(await found()).toContain('stars: the ledger says 9, payments 0');
  });

  it('is of a book that nothing can change', async () => {
    const one = await person();
    await one.grant(3, 'one');
    for (const change of [
      sql`update wallet_entries set amount = 30`,
      sql`delete from wallet_entries where wallet_id = ${one.walletId}`,
    ]) {
      await expect(change).rejects.toThrow('what was booked stays');
    }
    const mixed = sql.begin(async (tx) => {
      const [row] = await tx`
        insert into ledger_transactions (organization_id, kind, reference, at) values (${one.id}, 'stars', 'mixed', now()) returning id`;
      await tx`insert into ledger_entries values (${row?.id}, 0, ${one.id}, 'stars', 5), (${row?.id}, 1, ${one.id}, 'bank', -5)`;
    });
    await expect(mixed).rejects.toThrow('in roubles and in Stars');
  });
});
