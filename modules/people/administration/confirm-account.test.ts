import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { problemOf, testAccounts } from '../../testing/accounts.ts';
import { verifyPassword } from '../accounts/passwords/password.ts';
import { confirmAccount } from './confirm-account.ts';

const database = await testDatabase();
const { accounts, registered, close } = await testAccounts(database);
afterAll(async () => {
  await close();
  await database.close();
});
const rowOf = async (email: string) => {
  const [row] =
    await database.owner`select email_confirmed_at as at, password_hash as hash from users where email = ${email}`;
  return row;
};
const confirm = (email: string, account: string, newPassword = false) =>
  confirmAccount(database.platform, { email, account, newPassword });

describe('pandect admin confirm', () => {
  it('confirms an address, ends what was open, and is written down', async () => {
    const { email, session, caller } = await registered();
    expect(await confirm(email.toUpperCase(), caller.userId)).toEqual({ email, password: null, sessions: 1, keys: 0 });
    expect((await rowOf(email))?.at).toBeInstanceOf(Date);
    expect(await problemOf(accounts.refresh(session.refreshToken))).toBe('invalid-refresh-token');
    const acts = await database.owner`
      select actor, action from audit_log where organization_id = ${caller.organizationId}`;
    expect([...acts]).toEqual([{ actor: 'operator', action: 'confirm-email' }]);
    await expect(confirm(email, caller.userId)).rejects.toThrow('confirmed already');
  });

  it('gives a new password where one is asked for, also later', async () => {
    const { email, caller } = await registered();
    for (let times = 0; times < 2; times++) {
      const { password } = await confirm(email, caller.userId, true);
      expect(await verifyPassword((await rowOf(email))?.hash, password ?? '')).toBe(true);
    }
  });

  it('refuses an unknown address, and an account other than the one that was shown', async () => {
    const { email } = await registered();
    await expect(confirm('nobody@example.org', crypto.randomUUID())).rejects.toThrow('no account has this address');
    await expect(confirm(email, crypto.randomUUID())).rejects.toThrow('the account has changed');
    expect((await rowOf(email))?.at).toBeNull();
  });
});
