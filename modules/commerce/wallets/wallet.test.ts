import { afterAll, describe, expect, it } from 'vitest';
import type { Transaction } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { createMetering } from '../metering/index.ts';
import { grantUnits, openWallet, readWallet, type WalletSettings } from './index.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());
const metering = createMetering(database.tenant, { tokensPerMinute: { external: 1000, internal: 1000 } });

async function scene(settings: Partial<WalletSettings> = {}) {
  const { id } = await testOrganization(database);
  const within = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant.tenant(id, work);
  const open = (changes: Partial<WalletSettings> = {}) =>
    within((tx) =>
      openWallet(tx, {
        ...{ organizationId: id, kind: 'bot-user', reference: 'one', timeZone: 'Europe/Moscow', free: { reading: 1 } },
        ...settings,
        ...changes,
      }),
    );
  const walletId = await open();
  return {
    id,
    walletId,
    within,
    open,
    read: async (at?: string) => {
      const { units } = await within((tx) => readWallet(tx, walletId, at === undefined ? undefined : new Date(at)));
      return units.find(({ unit }) => unit === 'reading');
    },
    reserve: (at: string, requestId: string = crypto.randomUUID()) =>
      metering.reserve(
        {
          ...{ owner: { organizationId: id, walletId }, userId: null, requestId, action: 'reading' },
          ...{ amounts: { reading: 1 }, secondsOpen: 60 },
        },
        new Date(at),
      ),
    grant: (amount: number, reference: string) =>
      within((tx) =>
        grantUnits(tx, {
          ...{ organizationId: id, walletId, unit: 'reading', amount, reference },
          ...{ reason: 'An outage', by: 'owner@example.org' },
        }),
      ),
  };
}

describe('a wallet', () => {
  it('is made once, and has the limits it was opened with last', async () => {
    const one = await scene();
    expect(await one.open({ free: { reading: 4 } })).toBe(one.walletId);
    expect(await one.read()).toMatchObject({ freePerDay: 4, freeLeft: 4, bought: 0, held: 0, usedToday: 0, owed: 0 });
    const { units } = await one.within((tx) => readWallet(tx, one.walletId));
    expect(units).toContainEqual(expect.objectContaining({ unit: 'image', freePerDay: 0 }));
  });

  it('is of no other organization', async () => {
    const [mine, theirs] = [await scene(), await scene()];
    const settings = { kind: 'bot-user', reference: 'one', timeZone: 'UTC', free: {} } as const;
    await expect(theirs.within((tx) => openWallet(tx, { organizationId: mine.id, ...settings }))).rejects.toThrow();
    expect(await theirs.within((tx) => readWallet(tx, mine.walletId))).toEqual({ units: [] });
  });

  it.each(['Mars/Olympus', '+03:00', 'MSK-3', ''])('has no time zone "%s"', async (timeZone) => {
    await expect(scene({ timeZone })).rejects.toMatchObject({ type: 'invalid-request' });
  });

  it('is given units once for a reference', async () => {
    const one = await scene();
    expect([await one.grant(3, 'ticket 1'), await one.grant(3, 'ticket 1'), await one.grant(2, 'ticket 2')]).toEqual([
      ...[true, false, true],
    ]);
    expect(await one.read()).toMatchObject({ bought: 5 });
  });
});
