import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { confirmPerson } from '../accounts/confirm-email.ts';
import type { EndedAccess } from '../accounts/end-access.ts';
import { requireAccount } from './account.ts';

export interface ConfirmedAccount extends EndedAccess {
  email: string;
  /** The new one, where it was asked for. */
  password: string | null;
}

/**
 * Confirms an address on the operator's word, which ends what the account's holder had opened before.
 * @param account the id that the operator was shown
 * @throws Refused when the account is another one or none, or confirmed without a new password being asked for
 */
export async function confirmAccount(
  database: Database,
  { email, account, newPassword }: { email: string; account: string; newPassword: boolean },
): Promise<ConfirmedAccount> {
  const password = newPassword ? newSecretPassword() : null;
  const passwordHash = password === null ? undefined : await hashed(password);
  return database.transaction(async (tx) => {
    const user = await requireAccount(tx, email, 'Confirm address');
    if (user.id !== account) {
      throw new Refused('conflict', `Confirm address "${email}": the account has changed, look again`);
    }
    if (user.emailConfirmedAt && !passwordHash) {
      throw new Refused('conflict', `Confirm address "${email}": it is confirmed already`);
    }
    if (passwordHash) await tx.update(users).set({ passwordHash }).where(eq(users.id, user.id));
    return { email: user.email, password, ...(await confirmPerson(tx, user, 'operator')) };
  });
}

export const newSecretPassword = (): string => randomBytes(18).toString('base64url');

/** Native code, loaded when it is needed. */
export async function hashed(password: string): Promise<string> {
  const { hashPassword } = await import('../accounts/passwords/password.ts');
  return hashPassword(password);
}
