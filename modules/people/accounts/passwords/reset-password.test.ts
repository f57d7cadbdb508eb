import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { mailedToken, problemOf, testAccounts } from '../../../testing/accounts.ts';

const database = await testDatabase();
const { accounts, callerOf, registered, close } = await testAccounts(database);
afterAll(async () => {
  await close();
  await database.close();
});
const password = 'correct horse';
const next = 'another horse';
const forgotten = async (email: string) => {
  await accounts.forgotPassword(email);
  return mailedToken(database, 'reset-password', email);
};
const mails = async (email: string) => {
  const [row] = await database.owner`
    select count(*)::int as n from notifications where email = ${email} and kind = 'reset-password'`;
  return row?.n;
};
const revokedAt = async (userId: string) => {
  const [row] = await database.owner<{ at: Date }[]>`select at from revocations where subject = ${userId}`;
  return row?.at.getTime() ?? 0;
};
const issuedAt = (accessToken: string) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).iat * 1000;

describe('a forgotten password', () => {
  it('is replaced with the token of the e-mail, which ends every session and proves the address', async () => {
    const { email, session, caller } = await registered();
    const other = await accounts.signIn(email, password);
    await accounts.resetPassword(await forgotten(email.toUpperCase()), next);
    for (const { refreshToken } of [session, other]) {
      expect(await problemOf(accounts.refresh(refreshToken))).toBe('invalid-refresh-token');
    }
    expect(await revokedAt(caller.userId)).toBeGreaterThan(issuedAt(other.accessToken));
    expect(await problemOf(accounts.signIn(email, password))).toBe('invalid-credentials');
    const again = await accounts.signIn(email, next);
    expect(issuedAt(again.accessToken)).toBeGreaterThanOrEqual(await revokedAt(caller.userId));
    const [row] = await database.owner`select email_confirmed_at as at from users where email = ${email}`;
    expect(row?.at).toBeInstanceOf(Date);
  });

  it('ends what speaks for the person in messengers', async () => {
    const { email, caller } = await registered();
    await database.owner`
      insert into linked_identities (organization_id, user_id, bot_id, subject, chat_id)
      values (${caller.organizationId}, ${caller.userId}, gen_random_uuid(), '1', '1')`;
    await accounts.resetPassword(await forgotten(email), next);
    expect(await database.owner`select 1 from linked_identities where user_id = ${caller.userId}`).toHaveLength(0);
  });

  it('is replaced once by a token, also when many use it at once', async () => {
    const { email } = await registered();
    const token = await forgotten(email);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => problemOf(accounts.resetPassword(token, next))));
    expect(outcomes.toSorted()).toEqual(['invalid-email-token', 'invalid-email-token', 'invalid-email-token', 'none']);
  });

  it('is replaced by no token that expired, is unknown, or older than one that was used', async () => {
    const { email, caller } = await registered();
    const first = await forgotten(email);
    await database.owner`update email_tokens set created_at = created_at - interval '61 seconds'`;
    const second = await forgotten(email);
    expect(second).not.toBe(first);
    await accounts.resetPassword(second, next);
    expect(await problemOf(accounts.resetPassword(first, password))).toBe('invalid-email-token');
    await database.owner`update email_tokens set created_at = created_at - interval '61 seconds'`;
    const third = await forgotten(email);
    await database.owner`update email_tokens set expires_at = now() where user_id = ${caller.userId}`;
    expect(await problemOf(accounts.resetPassword(third, password))).toBe('invalid-email-token');
    expect(await problemOf(accounts.resetPassword('no-such-token', password))).toBe('invalid-email-token');
  });

  it('is written about once a minute, and to no one for an unknown address', async () => {
    const { email } = await registered();
    await accounts.forgotPassword(email);
    await accounts.forgotPassword(email);
    expect(await mails(email)).toBe(1);
    const unknown = `${crypto.randomUUID()}@example.org`;
    expect(await problemOf(accounts.forgotPassword(unknown))).toBe('none');
    expect(await mails(unknown)).toBe(0);
  });
});

describe('a new password', () => {
  it('is chosen with the current one, and ends all sessions but the one that continues', async () => {
    const { email, session, caller } = await registered();
    const renewed = await accounts.changePassword(caller.userId, { current: password, password: next });
    expect(await callerOf(renewed)).toMatchObject({ userId: caller.userId });
    expect(issuedAt(renewed.accessToken)).toBe(await revokedAt(caller.userId));
    expect(await problemOf(accounts.refresh(session.refreshToken))).toBe('invalid-refresh-token');
    expect(await problemOf(accounts.refresh(renewed.refreshToken))).toBe('none');
    expect(await problemOf(accounts.signIn(email, next))).toBe('none');
    const acts =
      await database.owner`select actor, action from audit_log where actor_id = ${caller.userId} order by created_at`;
    expect([...acts]).toEqual([
      { actor: email, action: 'change-password' },
      { actor: email, action: 'sign-in' },
    ]);
  });

  it('is no way to guess the current one', async () => {
    const { email, caller } = await registered();
    const guess = () => problemOf(accounts.changePassword(caller.userId, { current: 'wrong horse', password: next }));
    const outcomes = await Promise.all(Array.from({ length: 10 }, guess));
    expect(outcomes.filter((outcome) => outcome === 'invalid-credentials')).toHaveLength(5);
    expect(await problemOf(accounts.signIn(email, password))).toBe('too-many-sign-ins');
  });

  it('leaves no session over from a refresh or sign-in under way', async () => {
    for (let round = 0; round < 8; round++) {
      const { email, session, caller } = await registered();
      const token = await forgotten(email);
      const [, ...others] = await Promise.all([
        accounts.resetPassword(token, next),
        accounts.refresh(session.refreshToken).catch(() => undefined),
        accounts.signIn(email, password).catch(() => undefined),
      ]);
      for (const other of others) {
        if (!other) continue;
        expect(await problemOf(accounts.refresh(other.refreshToken))).toBe('invalid-refresh-token');
        expect(issuedAt(other.accessToken)).toBeLessThan(await revokedAt(caller.userId));
      }
    }
  });
});
