import { afterAll, describe, expect, inject, it } from 'vitest';
import { testDatabase } from '../../testing/database.ts';
import { createTokenIssuer, createTokenVerifier, readPrivateKey, readPublicKey } from '../identity/index.ts';
import { createAccounts } from './index.ts';
import { issueRefreshToken } from './refresh-family.ts';

const database = await testDatabase();
afterAll(() => database.close());

const { keys } = inject('services');
const publicKey = await readPublicKey(keys.publicPath);
const tokens = await createTokenIssuer(await readPrivateKey(keys.privatePath), publicKey, 60);
const verifier = createTokenVerifier(publicKey);
const accounts = createAccounts({ database: database.identity, tokens, refreshDays: 7 });

const password = 'correct horse';
let made = 0;
const account = () => ({ email: `person-${made++}@example.org`, password, organization: 'Notary' });
const problemOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { type?: string }) => error.type ?? error,
  );

describe('register', () => {
  it('makes an organization on the demo plan with its owner', async () => {
    const { accessToken, expiresIn } = await accounts.register(account());
    const caller = await verifier.verify(accessToken);
    expect(caller.role).toBe('owner');
    expect(expiresIn).toBe(60);
    const [organization] =
      await database.owner`select name, tier from organizations where id = ${caller.organizationId}`;
    expect(organization).toEqual({ name: 'Notary', tier: 'demo' });
  });

  it('keeps the password as an argon2id hash only', async () => {
    const { email } = account();
    await accounts.register({ email, password, organization: 'Notary' });
    const [row] = await database.owner`select password_hash as hash from users where email = ${email}`;
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('gives one of many at once with the same address the account, whatever its case, and leaves no organization over', async () => {
    const { email } = account();
    const organization = 'Race';
    const spellings = [email, email.toUpperCase(), email.replace('person', 'Person'), email];
    const outcomes = await Promise.all(
      spellings.map((spelling) => problemOf(accounts.register({ email: spelling, password, organization }))),
    );
    expect(outcomes.toSorted()).toEqual(['email-taken', 'email-taken', 'email-taken', 'none']);
    const [left] = await database.owner`select count(*)::int as n from organizations where name = ${organization}`;
    expect(left).toEqual({ n: 1 });
  });
});

describe('signIn', () => {
  it('takes the address in any case', async () => {
    const registered = account();
    const first = await verifier.verify((await accounts.register(registered)).accessToken);
    const session = await accounts.signIn(registered.email.toUpperCase(), password);
    expect(await verifier.verify(session.accessToken)).toEqual(first);
  });

  it('refuses a wrong password and an unknown address alike', async () => {
    const registered = account();
    await accounts.register(registered);
    const seen = await Promise.all(
      [
        [registered.email, 'wrong horse'],
        [registered.email, ''],
        ['nobody@example.org', password],
        ["' or true --", password],
      ].map(async ([email = '', guess = '']) => {
        const error = await accounts.signIn(email, guess).catch((thrown: unknown) => thrown);
        const { type, parameters, headers } = error as Record<string, unknown>;
        return { type, parameters, headers };
      }),
    );
    expect(new Set(seen.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"type":"invalid-credentials","parameters":{},"headers":{}}']),
    );
  });
});

describe('refresh', () => {
  it('gives a new pair of tokens for the same person', async () => {
    const first = await accounts.register(account());
    const second = await accounts.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await verifier.verify(second.accessToken)).toEqual(await verifier.verify(first.accessToken));
  });

  it('revokes the whole family when a token is used a second time, and the revocation stays', async () => {
    const first = await accounts.register(account());
    const second = await accounts.refresh(first.refreshToken);
    const third = await accounts.refresh(second.refreshToken);
    expect(await problemOf(accounts.refresh(first.refreshToken))).toBe('invalid-refresh-token');
    expect(await problemOf(accounts.refresh(third.refreshToken))).toBe('invalid-refresh-token');
  });

  it('leaves other sign-ins of the same person alone', async () => {
    const registered = account();
    const stolen = await accounts.register(registered);
    const other = await accounts.signIn(registered.email, password);
    await accounts.refresh(stolen.refreshToken);
    await problemOf(accounts.refresh(stolen.refreshToken));
    expect(await problemOf(accounts.refresh(other.refreshToken))).toBe('none');
  });

  it('lets one of many uses at once succeed, and ends the family', async () => {
    const { refreshToken } = await accounts.register(account());
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => accounts.refresh(refreshToken)));
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(won).toHaveLength(1);
    expect(await problemOf(accounts.refresh(won[0]?.refreshToken ?? ''))).toBe('invalid-refresh-token');
  });

  it('refuses tokens that are unknown or expired', async () => {
    const { refreshToken } = await accounts.register(account());
    await database.owner`update refresh_tokens set expires_at = now() where used_at is null and revoked_at is null`;
    expect(await problemOf(accounts.refresh(refreshToken))).toBe('invalid-refresh-token');
    expect(await problemOf(accounts.refresh('no-such-token'))).toBe('invalid-refresh-token');
  });

  it('stores no token in the clear', async () => {
    const { refreshToken } = await accounts.register(account());
    const rows = await database.owner`select * from refresh_tokens`;
    expect(JSON.stringify([...rows])).not.toContain(refreshToken);
  });
});

describe('signOut', () => {
  it('ends the session, also with an earlier token of it', async () => {
    const first = await accounts.register(account());
    const second = await accounts.refresh(first.refreshToken);
    await accounts.signOut(first.refreshToken);
    expect(await problemOf(accounts.refresh(second.refreshToken))).toBe('invalid-refresh-token');
  });

  it('says nothing about an unknown token', async () => {
    expect(await problemOf(accounts.signOut('no-such-token'))).toBe('none');
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
    ['the second use of an earlier token', (first: string) => problemOf(accounts.refresh(first))],
  ])('outlives %s in no order of events', async (_, end) => {
    const registered = account();
    const { userId } = await verifier.verify((await accounts.register(registered)).accessToken);
    await database.owner`delete from refresh_tokens where user_id = ${userId}`;
    for (let round = 0; round < 25; round++) {
      const first = await database.identity.transaction((tx) => issueRefreshToken(tx, userId, 7));
      const second = (await accounts.refresh(first)).refreshToken;
      await Promise.all([problemOf(accounts.refresh(second)), end(first, second)]);
    }
    expect(await usable(userId)).toBe(0);
  });
});
