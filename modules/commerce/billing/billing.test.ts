import { afterAll, describe, expect, it } from 'vitest';
import { createNotifications } from '../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { sqlState } from '../../../platform/testing/sql-state.ts';
import { testCustomer } from '../../testing/customer.ts';
import { daysAfter } from './calendar.ts';
import { checkBooks } from './check-books.ts';
import type { Invoice } from './invoices/invoice.ts';
import { requestTopUp } from './request-change.ts';
import { topUpPacks } from './top-up-packs.ts';

const database = await testDatabase();
const queue = createQueue(database.url('billing'));
const deps = { notifications: createNotifications(queue) };
const customer = () => testCustomer(database, deps);
afterAll(async () => {
  expect(await database.platform.transaction(checkBooks)).toEqual([]);
  await queue.close();
  await database.close();
});

const start = new Date('2026-01-31T10:00:00Z');
const [smallPack] = topUpPacks;

/** A customer who paid for a plan at the start. */
async function subscriber(tier = 'basic') {
  const made = await customer();
  await made.pay(start, (await made.ask(start, { action: 'subscribe', tier })).invoice);
  return made;
}

describe('a first subscription', () => {
  it('gives the plan to the organization when it is paid, and is booked, written down and told', async () => {
    const mine = await customer();
    const { invoice } = await mine.ask(start, {
      action: 'subscribe',
      tier: 'basic',
      buyer: { name: 'ООО «Б»', inn: '7701234567' },
    });
    expect(await mine.accounts()).toEqual({ receivable: 500_000, subscriptions: -500_000 });
    expect((await mine.organization()).tier).toBe('demo');
    expect(await mine.pay(daysAfter(start, 1), invoice)).toBe('succeeded');
    expect(await mine.organization()).toMatchObject({
      ...{ tier: 'basic', subscription_started_at: daysAfter(start, 1) },
      subscription_ends_at: new Date('2026-03-01T10:00:00Z'),
    });
    expect(await mine.accounts()).toEqual({ receivable: 0, bank: 500_000, subscriptions: -500_000 });
    const acts =
      await database.owner`select action, actor from audit_log where organization_id = ${mine.id} order by created_at`;
    expect(acts.map(({ action }) => action)).toEqual(['issue-invoice', 'receive-payment', 'change-subscription']);
    expect(acts[0]?.actor).toBe(mine.owner.email);
    const told = await database.owner`select kind, email from notifications where organization_id = ${mine.id}`;
    expect(told.map(({ kind }) => kind).toSorted()).toEqual(['invoice', 'payment', 'subscription']);
    expect(new Set(told.map(({ email }) => email))).toEqual(new Set([mine.owner.email]));
  });

  it('is asked for as often as one likes with one invoice, and another one replaces it', async () => {
    const mine = await customer();
    const ask = (tier: string) => mine.ask(start, { action: 'subscribe', tier });
    const [first, same] = [await ask('basic'), await ask('basic')];
    expect(same.invoice?.id).toBe(first.invoice?.id);
    const other = await ask('enterprise');
    expect((await mine.invoices()).map(({ state }) => state)).toEqual(['void', 'open']);
    expect(await mine.accounts()).toEqual({ receivable: 5_000_000, subscriptions: -5_000_000 });
    expect(await mine.pay(start, other.invoice)).toBe('succeeded');
  });

  it('can be bought again a year later', async () => {
    const mine = await subscriber();
    for (const days of [28, 35]) await mine.tend(daysAfter(start, days));
    expect((await mine.organization()).tier).toBe('demo');
    const { invoice } = await mine.ask(daysAfter(start, 366), { action: 'subscribe', tier: 'basic' });
    await mine.pay(daysAfter(start, 366), invoice);
    expect((await mine.subscription())?.periodStart).toEqual(daysAfter(start, 366));
  });
});

describe('a renewal', () => {
  const end = new Date('2026-02-28T10:00:00Z');
  const nextEnd = new Date('2026-03-31T10:00:00Z');

  it('is invoiced once, seven days before the period ends', async () => {
    const mine = await subscriber();
    await mine.tend(new Date(daysAfter(end, -7).getTime() - 1));
    expect(await mine.invoices()).toHaveLength(1);
    for (let times = 0; times < 3; times++) await mine.tend(daysAfter(end, -7));
    await Promise.all([1, 2, 3].map(() => mine.tend(daysAfter(end, -6))));
    expect(await mine.invoices()).toHaveLength(2);
  });

  it('that is paid early begins when the present period ends', async () => {
    const mine = await subscriber();
    await mine.tend(daysAfter(end, -7));
    await mine.pay(daysAfter(end, -5), (await mine.invoices())[1]);
    expect((await mine.tend(daysAfter(end, -1)))?.periodEnd).toEqual(end);
    expect(await mine.tend(end)).toMatchObject({ state: 'active', periodStart: end, periodEnd: nextEnd });
    expect((await mine.organization()).subscription_ends_at).toEqual(nextEnd);
  });

  it('that is not paid leaves the plan for the grace, and then the free one', async () => {
    const mine = await subscriber();
    await mine.tend(daysAfter(end, -7));
    expect((await mine.tend(end))?.state).toBe('past-due');
    expect((await mine.organization()).tier).toBe('basic');
    expect((await mine.tend(daysAfter(end, 7)))?.state).toBe('expired');
    expect(await mine.organization()).toMatchObject({ tier: 'demo', subscription_ends_at: null });
  });

  it('gets its week also when no one looked for months', async () => {
    const mine = await subscriber();
    const late = daysAfter(end, 100);
    expect((await mine.tend(late))?.state).toBe('past-due');
    expect((await mine.tend(daysAfter(late, 6)))?.state).toBe('past-due');
    await mine.pay(daysAfter(late, 6), (await mine.invoices())[1]);
    // What it was paid for is over, and the next month is invoiced in turn.
    expect(await mine.subscription()).toMatchObject({ state: 'past-due', periodEnd: nextEnd });
  });

  it('is cancelled with its invoice, and taken back with a new one', async () => {
    const mine = await subscriber();
    await mine.tend(daysAfter(end, -7));
    await mine.ask(daysAfter(end, -6), { action: 'cancel' });
    expect((await mine.invoices()).map(({ state }) => state)).toEqual(['paid', 'void']);
    const { invoice } = await mine.ask(daysAfter(end, -5), { action: 'resume' });
    expect(invoice).toMatchObject({ state: 'open', total: 500_000 });
    await mine.pay(daysAfter(end, -5), invoice);
    await expect(mine.ask(daysAfter(end, -4), { action: 'subscribe', tier: 'basic' })).rejects.toThrow(
      'subscription-conflict',
    );
  });

  it('of a lower plan is invoiced at its price', async () => {
    const mine = await subscriber('enterprise');
    await mine.tend(daysAfter(end, -7));
    const { subscription, invoice } = await mine.ask(daysAfter(end, -6), { action: 'downgrade', tier: 'basic' });
    expect([subscription?.tier, subscription?.nextTier, invoice?.total]).toEqual(['enterprise', 'basic', 500_000]);
    await mine.pay(daysAfter(end, -6), invoice);
    expect((await mine.organization()).tier).toBe('enterprise');
    await mine.tend(end);
    expect((await mine.organization()).tier).toBe('basic');
  });
});

describe('an upgrade', () => {
  const end = new Date('2026-02-28T10:00:00Z');
  /** 14 of 28 days are left. */
  const half = daysAfter(start, 14);

  it('costs the difference for what is left of the period, and takes effect when it is paid', async () => {
    const mine = await subscriber();
    const { invoice } = await mine.ask(half, { action: 'upgrade', tier: 'professional' });
    expect(invoice?.total).toBe(500_000);
    expect((await mine.organization()).tier).toBe('basic');
    await mine.pay(daysAfter(half, 1), invoice);
    expect((await mine.organization()).tier).toBe('professional');
    expect((await mine.subscription())?.periodEnd).toEqual(end);
  });

  it('replaces the invoice for the next period, and pays the difference for one that is paid', async () => {
    const mine = await subscriber();
    await mine.tend(daysAfter(end, -7));
    const early = await mine.ask(daysAfter(end, -7), { action: 'upgrade', tier: 'professional' });
    await mine.pay(daysAfter(end, -7), early.invoice);
    const [, renewal, , again] = await mine.invoices();
    expect([renewal?.state, again?.state, again?.total]).toEqual(['void', 'open', '1500000']);
    await mine.pay(daysAfter(end, -6), again);
    const { invoice } = await mine.ask(daysAfter(end, -3.5), { action: 'upgrade', tier: 'enterprise' });
    expect(invoice?.lines.map(({ amount }) => amount)).toEqual([3_500_000 / 8, 3_500_000]);
    await mine.pay(daysAfter(end, -3), invoice);
    await mine.tend(end);
    expect(await mine.organization()).toMatchObject({
      tier: 'enterprise',
      subscription_ends_at: new Date('2026-03-31T10:00:00Z'),
    });
  });

  it('that is paid after its period ended comes back as surplus', async () => {
    const mine = await subscriber();
    const { invoice } = await mine.ask(half, { action: 'upgrade', tier: 'professional' });
    const [payment] = await mine.payments(invoice as Invoice);
    await database.owner`update payments set provider = 'yookassa' where id = ${payment?.id ?? ''}`;
    expect(await mine.pay(daysAfter(end, 1), invoice)).toBe('surplus');
    expect((await mine.organization()).tier).toBe('basic');
    expect(await mine.accounts()).toMatchObject({ surplus: -500_000, yookassa: 500_000 });
  });

  it.each(['basic', 'demo', 'none'])('to %s is none', async (tier) => {
    await expect((await subscriber()).ask(half, { action: 'upgrade', tier })).rejects.toThrow('invalid-request');
  });
});

describe('questions that are bought', () => {
  it('are there once, however often the money is told of, also at once', async () => {
    const mine = await customer();
    const invoice = await mine.topUp(start, 'one');
    expect((await mine.topUp(daysAfter(start, 1), 'one')).id).toBe(invoice.id);
    const states = await Promise.all([1, 2, 3, 4].map(() => mine.pay(start, invoice)));
    expect(new Set(states)).toEqual(new Set(['succeeded']));
    expect((await mine.organization()).question_credits).toBe('100');
    expect(await mine.accounts()).toEqual({ receivable: 0, bank: 150_000, 'top-ups': -150_000 });
  });

  it('are no longer waited for 30 days after the invoice was due', async () => {
    const mine = await customer();
    const invoice = await mine.topUp(start, 'one');
    await mine.tend(daysAfter(invoice.dueAt, 30));
    expect((await mine.invoices()).map(({ state }) => state)).toEqual(['open']);
    await mine.tend(daysAfter(invoice.dueAt, 31));
    expect((await mine.invoices()).map(({ state }) => state)).toEqual(['void']);
    expect((await mine.payments(invoice)).map(({ state }) => state)).toEqual(['cancelled']);
  });
});

describe('invoices', () => {
  it('are numbered without gaps from many organizations at once, also when some give up', async () => {
    const customers = await Promise.all(Array.from({ length: 4 }, customer));
    const at = new Date('2031-06-01T00:00:00Z');
    const issue = (index: number) =>
      database.billing.tenant(customers[index % 4]?.id ?? '', async (tx) => {
        const organizationId = customers[index % 4]?.id ?? '';
        await requestTopUp({ tx, deps, organizationId, at, actor: {} }, smallPack, `number ${index}`);
        if (index % 3 === 0) throw new Error('given up');
      });
    await Promise.allSettled(Array.from({ length: 12 }, (_, index) => issue(index)));
    const rows = await database.owner<
      { number: string }[]
    >`select number from invoices where number like '2031-%' order by 1`;
    expect(rows.map(({ number }) => number)).toEqual(
      Array.from({ length: 8 }, (_, index) => `2031-${String(index + 1).padStart(6, '0')}`),
    );
  });

  it('and what is booked can be neither changed nor removed', async () => {
    const mine = await subscriber();
    const [invoice] = await mine.invoices();
    const refused = '23000';
    for (const statement of [
      database.owner`update invoices set total = 1 where id = ${invoice?.id ?? ''}`,
      database.owner`update invoices set state = 'open', closed_at = null where id = ${invoice?.id ?? ''}`,
      database.owner`delete from invoices where organization_id = ${mine.id}`,
      database.owner`update ledger_entries set amount = amount * 2 where organization_id = ${mine.id}`,
      database.owner`delete from ledger_transactions where organization_id = ${mine.id}`,
    ]) {
      expect(await sqlState(statement)).toBe(refused);
    }
  });
});
