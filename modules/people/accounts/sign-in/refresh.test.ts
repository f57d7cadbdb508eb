import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { problemOf, testAccounts } from '../../../testing/accounts.ts';
import { issueRefreshToken } from './refresh-family.ts';

const database = await testDatabase();
const { accounts, registered, callerOf, close } = await testAccounts(database);
/** Another process with the same database. */
const elsewhere = await testAccounts(database);
afterAll(async () => {
  await close();
  await elsewhere.close();
  await database.close();
});

const INVALID = 'invalid-refresh-token';
const refresh = async (token: string) => (await accounts.refresh(token)).refreshToken;
const outcome = (token: string) => problemOf(accounts.refresh(token));
const signedIn = async () => (await registered()).session.refreshToken;
/** As if so many seconds had passed since all uses until now. */
const pass = (seconds: number) =>
  database.owner`update refresh_tokens set used_at = used_at - make_interval(secs => ${seconds})`;

describe('a token that was used', () => {
  it('is good again for 30 s, and what it gives continues the same session', async () => {
    const first = await signedIn();
    await refresh(first); // an answer that never arrived
    await pass(29);
    const again = await refresh(first);
    expect(await outcome(again)).toBe('none');
  });

  it('keeps when the password was proved, which a new sign-in renews', async () => {
    const { email, password, session, caller } = await registered();
    expect(caller.signedInAt).toBeGreaterThan(Date.now() / 1000 - 60);
    await database.owner`update refresh_tokens set started_at = started_at - interval '1 hour' where user_id = ${caller.userId}`;
    const next = await accounts.refresh((await accounts.refresh(session.refreshToken)).refreshToken);
    expect((await callerOf(next)).signedInAt).toBeLessThan(Date.now() / 1000 - 3_500);
    const again = await callerOf(await accounts.signIn(email, password));
    expect(again.signedInAt).toBeGreaterThan(Date.now() / 1000 - 60);
  });

  it('ends the session after that, and the end stays', async () => {
    const first = await signedIn();
    const second = await refresh(first);
    await pass(31);
    expect(await outcome(first)).toBe(INVALID);
    expect(await outcome(second)).toBe(INVALID);
  });

  it('is not good for longer because it was used again', async () => {
    const first = await signedIn();
    await refresh(first);
    await pass(20);
    const second = await refresh(first);
    await pass(20);
    expect(await outcome(first)).toBe(INVALID);
    expect(await outcome(second)).toBe(INVALID);
  });

  it('does no harm when its request arrives after the next one', async () => {
    const first = await signedIn();
    const third = await refresh(await refresh(first));
    const late = await refresh(first);
    await pass(31);
    expect(await outcome(late)).toBe('none');
    expect(await outcome(third)).toBe('none');
  });

  it('is not good again once the session has ended', async () => {
    const first = await signedIn();
    await accounts.signOut(await refresh(first));
    expect(await outcome(first)).toBe(INVALID);
  });

  it('is not good again when the clock of the database was set back', async () => {
    const first = await signedIn();
    await refresh(first);
    await pass(-3600);
    expect(await outcome(first)).toBe(INVALID);
  });

  it('leaves other sign-ins of the same person alone', async () => {
    const { email, password, session } = await registered();
    const other = await accounts.signIn(email, password);
    await refresh(session.refreshToken);
    await pass(31);
    expect(await outcome(session.refreshToken)).toBe(INVALID);
    expect(await outcome(other.refreshToken)).toBe('none');
  });
});

describe('uses at once', () => {
  it('all succeed, in two processes too, and count as one session', async () => {
    const { session, caller } = await registered();
    const uses = Array.from({ length: 8 }, (_, n) =>
      (n % 2 ? accounts : elsewhere.accounts).refresh(session.refreshToken),
    );
    const given = await Promise.all(uses);
    expect(new Set(given.map(({ refreshToken }) => refreshToken)).size).toBe(8);
    expect((await accounts.readProfile(caller)).sessions).toHaveLength(1);
    expect(await callerOf(given[0] as (typeof given)[0])).toEqual(caller);
  });

  it('give a thief nothing that outlives the grace: of two that go on, the later one ends the session', async () => {
    const stolen = await signedIn();
    const [mine, theirs] = await Promise.all([refresh(stolen), refresh(stolen)]);
    await pass(31);
    const next = await refresh(mine);
    await pass(31);
    expect(await outcome(theirs)).toBe(INVALID);
    expect(await outcome(next)).toBe(INVALID);
  });
});

describe('a refresh under way', () => {
  const usable = async (userId: string) => {
    const [row] = await database.owner`
      select count(*)::int as n from refresh_tokens where user_id = ${userId} and used_at is null and revoked_at is null`;
    return row?.n;
  };

  it.each([
    ['a sign-out', (_: string, second: string) => accounts.signOut(second)],
    ['a late use of an earlier token', (first: string) => problemOf(accounts.refresh(first))],
  ])('outlives %s in no order of events', async (_, end) => {
    const { userId } = (await registered()).caller;
    await database.owner`delete from refresh_tokens where user_id = ${userId}`;
    for (let round = 0; round < 25; round++) {
      const { token: first } = await database.identity.transaction((tx) =>
        issueRefreshToken(tx, userId, 7, { familyId: crypto.randomUUID() }),
      );
      const second = (await accounts.refresh(first)).refreshToken;
      await pass(31);
      await Promise.all([problemOf(accounts.refresh(second)), end(first, second)]);
    }
    expect(await usable(userId)).toBe(0);
  });
});
