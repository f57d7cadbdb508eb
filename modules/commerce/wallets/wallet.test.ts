import { describe, expect, it } from 'vitest';
import { openWallet, readWallet } from './index.ts';
import { walletScene } from './wallets.fixture.ts';

const { person } = await walletScene();

describe('a wallet', () => {
  it('is made once, and has the limits it was opened with last', async () => {
    const one = await person({ free: { reading: 1 } });
    expect(await one.open({ free: { reading: 4 } })).toBe(one.walletId);
    expect(await one.read()).toMatchObject({ freePerDay: 4, freeLeft: 4, bought: 0, held: 0, usedToday: 0, owed: 0 });
    const { units } = await one.within((tx) => readWallet(tx, one.walletId));
    expect(units).toContainEqual(expect.objectContaining({ unit: 'image', freePerDay: 0 }));
  });

  it('is of no other organization', async () => {
    const [mine, theirs] = [await person(), await person()];
    const settings = { kind: 'bot-user', reference: 'one', timeZone: 'UTC', free: {} } as const;
    await expect(theirs.within((tx) => openWallet(tx, { organizationId: mine.id, ...settings }))).rejects.toThrow();
    expect(await theirs.within((tx) => readWallet(tx, mine.walletId))).toEqual({ units: [] });
  });

  it.each(['Mars/Olympus', '+03:00', 'MSK-3', ''])('has no time zone "%s"', async (timeZone) => {
    await expect(person({ timeZone })).rejects.toMatchObject({ type: 'invalid-request' });
  });

  it('is given units once for a reference', async () => {
    const one = await person();
    expect([await one.grant(3, 'ticket 1'), await one.grant(3, 'ticket 1'), await one.grant(2, 'ticket 2')]).toEqual([
      ...[true, false, true],
    ]);
    expect(await one.read()).toMatchObject({ bought: 5 });
  });

  it('shows what is available, held and used apart, and the same as before after a failure (case 8)', async () => {
    const one = await person({ free: { reading: 1 } });
    await one.grant(2, 'ticket');
    const before = await one.read();
    expect(before).toMatchObject({ freeLeft: 1, bought: 2, held: 0, usedToday: 0 });
    const [free, bought] = [await one.reserve(), await one.reserve()];
    expect(await one.read()).toMatchObject({ freeLeft: 0, bought: 1, held: 2, usedToday: 0 });
    await one.settle(free.requestId);
    expect(await one.read()).toMatchObject({ freeLeft: 0, bought: 1, held: 1, usedToday: 1 });
    await one.release(bought.requestId);
    await one.release(bought.requestId);
    expect(await one.read()).toMatchObject({ freeLeft: 0, bought: 2, held: 0, usedToday: 1 });
    const third = await one.reserve();
    await one.settle(third.requestId);
    expect(await one.read()).toMatchObject({ freeLeft: 0, bought: 1, held: 0, usedToday: 2 });
  });
});
