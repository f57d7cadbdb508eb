import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../platform/kernel/problem.ts';
import { expireUnits, sweepUsage } from '../metering/index.ts';
import { checkWallets } from './check-wallets.ts';
import { createOrder, takeRefund } from './index.ts';
import { walletScene } from './wallets.fixture.ts';

const { database, metering, person } = await walletScene();
const step = fc.record({
  kind: fc.constantFrom(
    ...['reserve', 'reserve', 'reserve', 'start', 'settle', 'release', 'expire', 'kill'],
    ...['pay', 'pay', 'grant', 'refund', 'sweep'],
  ),
  which: fc.integer({ min: 0, max: 3 }),
  amount: fc.integer({ min: 1, max: 4 }),
  /** What another process does at the same moment: the same again. */
  isTwice: fc.boolean(),
});

describe('any order of holding, settling, releasing, expiring, dying, paying, granting and paying back', () => {
  it('leaves a balance that is the sum of its entries and never negative, after each step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 25 }), async (steps) => {
        const one = await person({ free: { reading: 2 } });
        const order = await one.within((tx) =>
          createOrder(tx, { bot: one.bot, walletId: one.walletId, packId: 'reading-5', attempt: 'one' }),
        );
        const known = new Set<string>();
        const ids = Array.from({ length: 4 }, () => crypto.randomUUID());
        const run: Record<string, (id: string, which: number, amount: number) => Promise<unknown>> = {
          reserve: (id, _, amount) =>
            one.reserve(undefined, id, amount).then(
              () => known.add(id),
              (error: unknown) => expect(error).toBeInstanceOf(Problem),
            ),
          start: async (id) => known.has(id) && metering.start(one.id, id),
          settle: async (id, _, amount) => {
            // Less than was reserved, or all of it.
            if (known.has(id)) await (amount === 1 ? one.settle(id, 1) : one.settle(id));
          },
          release: async (id) => known.has(id) && one.release(id),
          expire: () => expireUnits(database.platform, new Date(Date.now() + 61_000)),
          kill: async (id) => {
            if (!known.has(id)) return;
            const broken = one.within(async (tx) => {
              await one.settleIn(tx, id);
              throw new Error('Killed');
            });
            await expect(broken).rejects.toThrow('Killed');
          },
          pay: (_, which) => one.pay({ payload: order.id, chargeId: `charge ${which}` }),
          grant: (_, which, amount) =>
            one.grant(amount, `grant ${which}`, which === 0 ? new Date(Date.now() + 1000) : undefined),
          refund: (_, which) =>
            one.within((tx) => takeRefund(tx, { botId: one.bot.id, chargeId: `charge ${which}` }, new Date())),
          sweep: () => sweepUsage(database.platform, undefined, new Date(Date.now() + 5000)),
        };
        for (const { kind, which, amount, isTwice } of steps) {
          const id = ids[which] as string;
          const work = () => run[kind]?.(id, which, amount);
          await Promise.all(isTwice ? [work(), work()] : [work()]);
          const [sums] = await database.owner`
            select coalesce((select sum(amount) from unit_credits where owner_id = ${one.walletId}), 0)::int as balance,
              coalesce((select min(amount) from unit_credits where owner_id = ${one.walletId}), 0)::int as least,
              coalesce(sum(amount), 0)::int as entries, coalesce(sum(debt), 0)::int as debt
            from wallet_entries where wallet_id = ${one.walletId}`;
          expect(sums?.entries).toBe(sums?.balance);
          expect(Math.min(sums?.least, sums?.debt, sums?.balance)).toBeGreaterThanOrEqual(0);
        }
        expect(await database.platform.transaction(checkWallets)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
