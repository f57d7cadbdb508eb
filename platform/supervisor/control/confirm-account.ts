import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { HTTPException } from 'hono/http-exception';
import { users } from '../../../db/schema/people/users.ts';
import { confirmPerson } from '../../../modules/people/accounts/confirm-email.ts';
import type { EndedAccess } from '../../../modules/people/accounts/end-access.ts';
import { asOperator, requireAccount } from './account.ts';

export interface ConfirmedAccount extends EndedAccess {
  email: string;
  /** The new one, where it was asked for. */
  password: string | null;
}

/**
 * Confirms an address on the operator's word, which ends what the account's holder had opened before.
 * @param account the id that the operator was shown
 * @throws HTTPException when the account is another one or none, or confirmed without a new password being asked for
 */
export async function confirmAccount(
  databaseUrl: string,
  { email, account, newPassword }: { email: string; account: string; newPassword: boolean },
): Promise<ConfirmedAccount> {
  const password = newPassword ? newSecretPassword() : null;
  const passwordHash = password === null ? undefined : await hashed(password);
  return asOperator(databaseUrl, async (tx) => {
    const user = await requireAccount(tx, email, 'Confirm address');
    if (user.id !== account) {
      throw new HTTPException(409, { message: `Confirm address "${email}": the account has changed, look again` });
    }
    if (user.emailConfirmedAt && !passwordHash) {
      throw new HTTPException(409, { message: `Confirm address "${email}": it is confirmed already` });
    }
    if (passwordHash) await tx.update(users).set({ passwordHash }).where(eq(users.id, user.id));
    return { email: user.email, password, ...(await confirmPerson(tx, user, 'operator')) };
  });
}

export const newSecretPassword = (): string => randomBytes(18).toString('base64url');

/** Native code that a supervisor does without until then. */
export async function hashed(password: string): Promise<string> {
  const { hashPassword } = await import('../../../modules/people/accounts/passwords/password.ts');
  return hashPassword(password);
}
