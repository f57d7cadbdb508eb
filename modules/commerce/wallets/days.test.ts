import { afterAll, describe, expect, it } from 'vitest';
import { expireUnits } from '../metering/index.ts';
import { walletScene } from './wallets.fixture.ts';

const { database, person } = await walletScene();
const free = { reading: 1 };

describe('a day of free units', () => {
  it.each([
    ['UTC', '2026-03-10T23:59:59.999Z', '2026-03-11T00:00:00.000Z'],
    ['Europe/Moscow', '2026-03-10T20:59:59.999Z', '2026-03-10T21:00:00.000Z'],
    ['Asia/Irkutsk', '2026-03-10T15:59:59.999Z', '2026-03-10T16:00:00.000Z'],
    ['America/Los_Angeles', '2026-03-11T06:59:59.999Z', '2026-03-11T07:00:00.000Z'],
    ['Asia/Kathmandu', '2026-03-10T18:14:59.999Z', '2026-03-10T18:15:00.000Z'],
    // 23 hours long, and 25.
    ['Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z'],
    // Clocks skip midnight, go back over it to the day before, and go back to it.
    ['America/Santiago', '2026-09-06T03:59:59.999Z', '2026-09-06T04:00:00.000Z'],
    ['Asia/Beirut', '2026-10-24T21:59:59.999Z', '2026-10-24T22:00:00.000Z'],
    ['America/Havana', '2026-11-01T03:59:59.999Z', '2026-11-01T04:00:00.000Z'],
  ])(
    'in %s ends at its midnight, once, and is the one that refusals and balances name (cases 21, 22)',
    async (timeZone, last, first) => {
      const one = await person({ timeZone, free });
      await one.settle((await one.reserve(last)).requestId);
      await expect(one.reserve(last)).rejects.toMatchObject({
        ...{ type: 'wallet-empty', parameters: { what: 'day', resetAt: first, resetSeconds: 1 } },
        headers: { 'retry-after': '1' },
      });
      expect(await one.read(last)).toMatchObject({ freeLeft: 0, freeResetsAt: new Date(first) });
      expect(await one.read(first)).toMatchObject({ freeLeft: 1 });
      const next = await one.reserve(first);
      await one.settle(next.requestId);
      for (const later of [first, new Date(Date.parse(first) + 3_600_000)]) {
        await expect(one.reserve(later)).rejects.toMatchObject({ type: 'wallet-empty' });
      }
    },
  );

  it('is the same whichever process asks, and does not reset 24 hours after the last use (case 22)', async () => {
    const one = await person({ timeZone: 'Europe/Moscow', free });
    await one.reserve('2026-03-10T20:59:00Z');
    // The first request after midnight resets; the second does not, nor does one a day after the first.
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => one.reserve('2026-03-10T21:00:01Z')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(one.reserve('2026-03-11T20:59:30Z')).rejects.toMatchObject({ type: 'wallet-empty' });
    await one.reserve('2026-03-11T21:00:00Z');
  });

  it('is given back to the day of the admission, in the zone of then', async () => {
    const one = await person({ timeZone: 'Asia/Irkutsk', free });
    const { requestId } = await one.reserve('2026-03-10T15:59:59Z');
    await one.open({ timeZone: 'Europe/Moscow' });
    expect(await one.read('2026-03-10T16:00:30Z')).toMatchObject({ freeLeft: 0, held: 1 });
    await one.release(requestId);
    expect(await one.read('2026-03-10T16:00:30Z')).toMatchObject({ freeLeft: 1, held: 0 });
    const counters = await database.owner`
      select owner_id = organization_id as own, period, start::text, used::int from usage_counters
      where organization_id = ${one.id} and period = 'day' order by 1`;
    expect([...counters]).toEqual([
      { own: false, period: 'day', start: '2026-03-10', used: 0 },
      { own: true, period: 'day', start: '2026-03-10', used: 0 },
    ]);
  });

  it('and its month begin in the zone, while those of the organization stay in UTC', async () => {
    const one = await person({ timeZone: 'Asia/Irkutsk', free });
    await one.reserve('2026-03-31T16:00:00Z');
    const counters = await database.owner`
      select owner_id = organization_id as own, period, start::text from usage_counters
      where organization_id = ${one.id} order by 1, 2`;
    expect(counters.map(({ own, period, start }) => [own, period, start])).toEqual([
      [false, 'day', '2026-04-01'],
      [false, 'month', '2026-04-01'],
      [true, 'day', '2026-03-31'],
      [true, 'month', '2026-03-01'],
    ]);
  });

  it('moves to another zone once in 24 hours at most (case 21)', async () => {
    const one = await person({ timeZone: 'Europe/Moscow', free });
    const zone = async () => {
      const [row] = await database.owner`select time_zone from wallets where id = ${one.walletId}`;
      return row?.time_zone;
    };
    await one.open({ timeZone: 'Asia/Irkutsk' });
    expect(await zone()).toBe('Asia/Irkutsk');
    await one.open({ timeZone: 'UTC' });
    expect(await zone()).toBe('Asia/Irkutsk');
    await database.owner`update wallets set zone_changed_at = zone_changed_at - interval '24 hours' where id = ${one.walletId}`;
    await one.open({ timeZone: 'UTC' });
    expect(await zone()).toBe('UTC');
  });

  it('that a process of the release before admitted is given back where it was counted', async () => {
    const one = await person({ free });
    const { requestId } = await one.reserve('2026-03-10T12:00:00Z');
    await database.owner`update usage_reservations set wallet_day = null, wallet_month = null where request_id = ${requestId}`;
    await expireUnits(database.platform, new Date('2026-03-10T12:02:00Z'));
    expect(await one.read('2026-03-10T12:03:00Z')).toMatchObject({ freeLeft: 1, held: 0 });
  });
});

afterAll(async () => {
  const sum = await database.owner`select 1 from usage_counters where used < 0`;
  expect(sum).toHaveLength(0);
});
