import { describe, expect, it } from 'vitest';
import { expireUnits } from '../metering/index.ts';
import { checkWallets } from './check-wallets.ts';
import { walletScene } from './wallets.fixture.ts';

const { database, person } = await walletScene();

/** How many of so many requests at once are admitted; every other one is told that the wallet is empty. */
async function atOnce(one: Awaited<ReturnType<typeof person>>, requests: number, amount: number): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: requests }, () => one.reserve(undefined, crypto.randomUUID(), amount)),
  );
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  for (const reason of refused) expect(reason).toMatchObject({ type: 'wallet-empty', status: 402 });
  return requests - refused.length;
}

describe('a wallet under many requests at once', () => {
  it('with one unit admits one of 500, and is empty, not below (cases 4, 19)', async () => {
    const one = await person();
    await one.grant(1, 'one');
    expect(await atOnce(one, 500, 1)).toBe(1);
    expect(await one.read()).toMatchObject({ bought: 0, held: 1, owed: 0 });
  });

  it('with three units admits one of 500 that cost three (case 5)', async () => {
    const one = await person();
    await one.grant(3, 'one');
    expect(await atOnce(one, 500, 3)).toBe(1);
    expect(await one.read()).toMatchObject({ bought: 0, held: 3 });
  });

  it('with three units, one of them free, admits three of 500', async () => {
    const one = await person({ free: { reading: 1 } });
    await one.grant(2, 'one');
    expect(await atOnce(one, 500, 1)).toBe(3);
    expect(await one.read()).toMatchObject({ freeLeft: 0, bought: 0, held: 3 });
    expect((await one.entries()).map(({ reason, amount }) => [reason, amount])).toEqual([
      ['grant', 2],
      ['use', -1],
      ['use', -1],
    ]);
  });

  it('takes nothing where its organization has no room', async () => {
    const one = await person();
    await one.grant(5, 'one');
    await database.owner`
      insert into owner_limits (organization_id, owner_id, unit, period, amount) values (${one.id}, ${one.id}, 'reading', 'day', 2)`;
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => one.reserve()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ type: 'units-used' });
    }
    expect(await one.read()).toMatchObject({ bought: 3, held: 2 });
  });

  it('gives a failure back once, however often it is reported (case 6)', async () => {
    const one = await person();
    await one.grant(1, 'one');
    const { requestId } = await one.reserve();
    await Promise.all(Array.from({ length: 10 }, () => one.release(requestId)));
    expect(await one.read()).toMatchObject({ bought: 1, held: 0 });
    expect((await one.entries()).map(({ reason, amount }) => [reason, amount])).toEqual([
      ['grant', 1],
      ['use', -1],
      ['return', 1],
    ]);
  });

  it('keeps a hold that could not be given back, until the sweep does it (case 7)', async () => {
    const one = await person();
    await one.grant(1, 'one');
    const { requestId } = await one.reserve();
    const broken = one.within(async (tx) => {
      await one.settleIn(tx, requestId);
      throw new Error('The database is unavailable');
    });
    await expect(broken).rejects.toThrow('unavailable');
    expect(await one.read()).toMatchObject({ bought: 0, held: 1 });
    await expireUnits(database.platform, new Date(Date.now() + 61_000));
    expect(await one.read()).toMatchObject({ bought: 1, held: 0 });
    // The one that could not end it ends late: charged once.
    await one.settle(requestId);
    await one.settle(requestId);
    expect(await one.read()).toMatchObject({ bought: 0, held: 0 });
  });

  it('adds up afterwards', async () => {
    expect(await database.platform.transaction(checkWallets)).toEqual([]);
  });
});
