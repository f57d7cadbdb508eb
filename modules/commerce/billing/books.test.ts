import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createNotifications } from '../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testCustomer } from '../../testing/customer.ts';
import { daysAfter } from './calendar.ts';
import { checkBooks } from './check-books.ts';
import type { ChangeRequest } from './request-change.ts';
import { tierOf } from './subscription.ts';
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

describe('an organization that was erased', () => {
  it('leaves books that agree, and gets back what it still pays', async () => {
    const mine = await customer();
    const [paidLate, unpaid] = [await mine.topUp(start, 'one'), await mine.topUp(start, 'two')];
    await database.owner`delete from organizations where id = ${mine.id}`;
    expect(await mine.pay(daysAfter(start, 1), paidLate)).toBe('surplus');
    await mine.tend(daysAfter(unpaid.dueAt, 31));
    expect((await mine.invoices()).map(({ state }) => state)).toEqual(['void', 'void']);
    expect(await mine.accounts()).toMatchObject({ receivable: 0, surplus: -150_000 });
  });
});

describe('the books', () => {
  it('agree after whatever happens in whatever order, however often', async () => {
    const tier = fc.constantFrom('basic', 'professional', 'enterprise', 'demo');
    const event = fc.oneof(
      fc.record({
        action: fc.constantFrom('subscribe' as const, 'upgrade' as const, 'downgrade' as const, 'trial' as const),
        tier,
      }),
      fc.record({ action: fc.constantFrom('cancel' as const, 'resume' as const) }),
      fc.record({ topUp: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ pay: fc.nat(9), times: fc.integer({ min: 1, max: 3 }), by: fc.constantFrom('bank', 'yookassa') }),
      fc.constant('tend' as const),
    );
    const steps = fc.array(fc.record({ event, days: fc.constantFrom(0, 0, 0.3, 2, 8, 25, -1) }), {
      minLength: 5,
      maxLength: 14,
    });
    const run = async (given: typeof steps extends fc.Arbitrary<infer T> ? T : never) => {
      const mine = await customer();
      let at = start;
      for (const { event: what, days } of given) {
        at = daysAfter(at, days);
        await apply(mine, at, what).catch((error: unknown) => {
          if (!(error instanceof Problem)) throw error;
        });
      }
      expect(await database.platform.transaction(checkBooks)).toEqual([]);
      const invoices = await mine.invoices();
      const paid = invoices.filter(({ state, purpose }) => state === 'paid' && purpose.kind === 'top-up');
      const { question_credits: credits, tier: inForce } = await mine.organization();
      expect(Number(credits)).toBe(paid.length * smallPack.questions);
      expect(inForce).toBe(tierOf(await mine.subscription()));
      for (const kind of ['period', 'upgrade']) {
        expect(
          invoices.filter(({ state, purpose }) => state === 'open' && purpose.kind === kind).length,
        ).toBeLessThanOrEqual(1);
      }
    };
    type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
    async function apply(mine: Awaited<ReturnType<typeof customer>>, at: Date, what: Event): Promise<void> {
      if (what === 'tend') await mine.tend(at);
      else if ('action' in what) await mine.ask(at, what as ChangeRequest);
      else if ('topUp' in what) await mine.topUp(at, what.topUp);
      else {
        const invoices = await mine.invoices();
        const invoice = invoices[what.pay % Math.max(invoices.length, 1)];
        if (!invoice) return;
        // A provider's payment outlives its invoice, a transfer does not.
        if (what.by === 'yookassa') {
          await database.owner`
            update payments set provider = 'yookassa', state = 'pending', closed_at = null
            where invoice_id = ${invoice.id} and state = 'cancelled'`;
        }
        await Promise.all(Array.from({ length: what.times }, () => mine.pay(at, invoice)));
      }
    }
    await fc.assert(fc.asyncProperty(steps, run), { numRuns: 25, endOnFailure: true });
  }, 120_000);

  it('say what contradicts itself', async () => {
    const mine = await subscriber();
    const [invoice] = await mine.invoices();
    const [payment] = await mine.payments(invoice as { id: string });
    await database.owner`update payments set state = 'pending' where id = ${payment?.id ?? ''}`;
    const found = await database.platform.transaction(checkBooks);
    expect(found.map(({ check, subject }) => [check, subject])).toEqual([['paid-once', invoice?.number]]);
    await database.owner`update payments set state = 'succeeded' where id = ${payment?.id ?? ''}`;
  });
});
