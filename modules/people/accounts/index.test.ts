import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { mailedToken, problemOf, testAccounts } from '../../testing/accounts.ts';

const database = await testDatabase();
const { accounts, callerOf, registered, close } = await testAccounts(database);
afterAll(async () => {
  await close();
  await database.close();
});
const password = 'correct horse';

describe('register', () => {
  it('makes an organization on the demo plan with its owner', async () => {
    const { session, caller } = await registered();
    expect(caller.role).toBe('owner');
    expect(session.expiresIn).toBe(60);
    const [organization] =
      await database.owner`select name, tier from organizations where id = ${caller.organizationId}`;
    expect(organization).toEqual({ name: 'Notary', tier: 'demo' });
  });

  it('keeps the password as an argon2id hash only', async () => {
    const { email } = await registered();
    const [row] = await database.owner`select password_hash as hash from users where email = ${email}`;
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('gives one of many at once with the same address the account, whatever its case, and leaves no organization over', async () => {
    const email = 'person@example.org';
    const organization = 'Race';
    const spellings = [email, email.toUpperCase(), email.replace('person', 'Person'), email];
    const outcomes = await Promise.all(
      spellings.map((spelling) =>
        problemOf(accounts.register({ email: spelling, password, organization, language: 'en' })),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['email-taken', 'email-taken', 'email-taken', 'none']);
    const [left] = await database.owner`select count(*)::int as n from organizations where name = ${organization}`;
    expect(left).toEqual({ n: 1 });
  });
});

describe('a new owner', () => {
  it('confirms the address with the token that was sent to it, once', async () => {
    const { email } = await registered();
    const token = await mailedToken(database, 'confirm-email', email);
    expect(await problemOf(accounts.confirmEmail(token))).toBe('none');
    const [row] = await database.owner`select email_confirmed_at as at from users where email = ${email}`;
    expect(row?.at).toBeInstanceOf(Date);
    expect(await problemOf(accounts.confirmEmail(token))).toBe('invalid-email-token');
  });

  it('gets the token again, but not at once and not when the address is confirmed', async () => {
    const { email, caller } = await registered();
    const sent = async () => {
      await accounts.resendConfirmation(caller.userId);
      const [row] =
        await database.owner`select count(*)::int as n from notifications where email = ${email} and kind = 'confirm-email'`;
      return row?.n;
    };
    expect(await sent()).toBe(1);
    await database.owner`update email_tokens set created_at = created_at - interval '61 seconds' where user_id = ${caller.userId}`;
    expect(await sent()).toBe(2);
    await accounts.confirmEmail(await mailedToken(database, 'confirm-email', email));
    await database.owner`update email_tokens set created_at = created_at - interval '61 seconds' where user_id = ${caller.userId}`;
    expect(await sent()).toBe(2);
  });

  it('cannot use the token to choose a password, nor one that expired', async () => {
    const { email, caller } = await registered();
    const token = await mailedToken(database, 'confirm-email', email);
    expect(await problemOf(accounts.resetPassword(token, 'another horse'))).toBe('invalid-email-token');
    await database.owner`update email_tokens set expires_at = now() where user_id = ${caller.userId}`;
    expect(await problemOf(accounts.confirmEmail(token))).toBe('invalid-email-token');
  });
});

describe('a suspended organization', () => {
  it('lets no one in, and its people go on where they were when it is back', async () => {
    const { email, session, caller } = await registered();
    const set = (at: Date | null) =>
      database.owner`update organizations set suspended_at = ${at} where id = ${caller.organizationId}`;
    await set(new Date());
    expect(await problemOf(accounts.signIn(email, password))).toBe('organization-suspended');
    expect(await problemOf(accounts.signIn(email, 'wrong horse'))).toBe('invalid-credentials');
    expect(await problemOf(accounts.refresh(session.refreshToken))).toBe('organization-suspended');
    await set(null);
    expect(await problemOf(accounts.refresh(session.refreshToken))).toBe('none');
  });

  it('looks like none when it is being erased', async () => {
    const { email, session, caller } = await registered();
    await database.owner`update organizations set erasure_requested_at = now() where id = ${caller.organizationId}`;
    expect(await problemOf(accounts.signIn(email, password))).toBe('invalid-credentials');
    expect(await problemOf(accounts.refresh(session.refreshToken))).toBe('invalid-refresh-token');
  });
});

describe('signIn', () => {
  it('takes the address in any case', async () => {
    const { email, caller } = await registered();
    expect(await callerOf(await accounts.signIn(email.toUpperCase(), password))).toMatchObject({
      userId: caller.userId,
    });
  });

  it('refuses a wrong password and an unknown address alike', async () => {
    const known = await registered();
    const seen = await Promise.all(
      [
        [known.email, 'wrong horse'],
        [known.email, ''],
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
    const { session: first } = await registered();
    const second = await accounts.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await callerOf(second)).toEqual(await callerOf(first));
  });

  it('refuses tokens that are unknown or expired', async () => {
    const { refreshToken } = (await registered()).session;
    await database.owner`update refresh_tokens set expires_at = now() where used_at is null and revoked_at is null`;
    expect(await problemOf(accounts.refresh(refreshToken))).toBe('invalid-refresh-token');
    expect(await problemOf(accounts.refresh('no-such-token'))).toBe('invalid-refresh-token');
  });

  it('stores no token in the clear', async () => {
    const { refreshToken } = (await registered()).session;
    const rows = await database.owner`select * from refresh_tokens`;
    expect(JSON.stringify([...rows])).not.toContain(refreshToken);
  });
});

describe('signOut', () => {
  it('ends the session, also with an earlier token of it', async () => {
    const { session: first } = await registered();
    const second = await accounts.refresh(first.refreshToken);
    await accounts.signOut(first.refreshToken);
    expect(await problemOf(accounts.refresh(second.refreshToken))).toBe('invalid-refresh-token');
  });

  it('says nothing about an unknown token', async () => {
    expect(await problemOf(accounts.signOut('no-such-token'))).toBe('none');
  });
});
