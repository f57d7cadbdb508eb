import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { createRevocations, forgetRevocations, revokeTokens } from './revocations.ts';

const database = await testDatabase();
afterAll(() => database.close());

/** The same database, counting what it is asked, and gone when told. */
function watched() {
  const state = { queries: 0, away: false };
  const tenant: Database = {
    ...database.tenant,
    transaction(work) {
      state.queries++;
      if (state.away) return Promise.reject(new Error('away'));
      return database.tenant.transaction(work);
    },
  };
  let time = Date.now();
  const revocations = createRevocations(tenant, () => time);
  const pass = (ms: number) => {
    time += ms;
  };
  return { state, revocations, pass, now: () => time };
}
const revoke = (subject: string) => database.identity.transaction((tx) => revokeTokens(tx, subject));
const someone = () => ({ userId: randomUUID(), organizationId: randomUUID() });

describe('revocations', () => {
  it('end what was issued to a person or an organization before, and nothing after', async () => {
    const { revocations, pass } = watched();
    for (const subject of ['userId', 'organizationId'] as const) {
      const caller = someone();
      const before = Date.now();
      const from = await revoke(caller[subject]);
      pass(1_000);
      expect(await revocations.isRevoked(caller, before)).toBe(true);
      expect(await revocations.isRevoked(caller, from.getTime() - 1)).toBe(true);
      expect(await revocations.isRevoked(caller, from.getTime())).toBe(false);
      expect(await revocations.isRevoked(someone(), before)).toBe(false);
    }
  });

  it('are looked for once a second at most, by however many at once', async () => {
    const { revocations, state, pass } = watched();
    const ask = () => Promise.all(Array.from({ length: 20 }, () => revocations.isRevoked(someone(), 0)));
    await ask();
    await ask();
    pass(999);
    await ask();
    expect(state.queries).toBe(1);
    pass(1);
    await ask();
    expect(state.queries).toBe(2);
  });

  it('stay known while the database is unavailable, which is asked once a second and fails no one', async () => {
    const { revocations, state, pass } = watched();
    const caller = someone();
    await revoke(caller.userId);
    expect(await revocations.isRevoked(caller, 0)).toBe(true);
    state.away = true;
    pass(1_000);
    expect(await revocations.isRevoked(caller, 0)).toBe(true);
    expect(await revocations.isRevoked(someone(), 0)).toBe(false);
    expect(state.queries).toBe(2);
    state.away = false;
    const other = someone();
    await revoke(other.userId);
    pass(1_000);
    expect(await revocations.isRevoked(other, 0)).toBe(true);
  });

  it('are found when their transaction took long', async () => {
    const { revocations, pass } = watched();
    await revoke(randomUUID());
    await revocations.isRevoked(someone(), 0);
    const late = someone();
    const at = new Date(Date.now() - 30_000);
    await database.owner`insert into revocations values (${late.userId}, ${at})`;
    pass(1_000);
    expect(await revocations.isRevoked(late, at.getTime() - 1)).toBe(true);
  });

  it('never go back in time', async () => {
    const { userId } = someone();
    const ahead = new Date(Date.now() + 3_600_000);
    await database.owner`insert into revocations values (${userId}, ${ahead})`;
    await revoke(userId);
    const [row] = await database.owner`select at from revocations where subject = ${userId}`;
    expect(row?.at).toEqual(ahead);
  });

  it('are removed when no token can be as old', async () => {
    const { userId } = someone();
    const at = await revoke(userId);
    const left = async () => {
      const [row] = await database.owner`select count(*)::int as n from revocations where subject = ${userId}`;
      return row?.n;
    };
    const sweep = (hours: number) =>
      database.platform.transaction((tx) => forgetRevocations(tx, new Date(at.getTime() + hours * 3_600_000)));
    await sweep(23.9);
    expect(await left()).toBe(1);
    expect(await sweep(24.1)).toBeGreaterThan(0);
    expect(await left()).toBe(0);
  });
});
