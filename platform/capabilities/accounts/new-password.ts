import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { users } from '../../../db/schema/users.ts';
import { recordAct } from '../audit/index.ts';
import { revokeTokens } from '../identity/index.ts';
import { confirmedNow } from './confirm-email.ts';
import type { Person } from './person.ts';
import { revokeFamiliesOf } from './refresh-family.ts';
import { forgetAttempts } from './sign-in-attempts.ts';

/**
 * Gives a person, whom this transaction holds, a new password and ends everything that was signed in with the old one.
 * @returns from when on new tokens are good
 */
export async function setPassword(
  tx: Transaction,
  { id, organizationId, email }: Person,
  passwordHash: string,
  action: 'reset-password' | 'change-password',
): Promise<Date> {
  // Who got the e-mail has the address.
  const confirmed = action === 'reset-password' && { emailConfirmedAt: confirmedNow };
  await tx
    .update(users)
    .set({ passwordHash, ...confirmed })
    .where(eq(users.id, id));
  await revokeFamiliesOf(tx, id);
  await forgetAttempts(tx, email);
  await recordAct(tx, { organizationId, actorId: id, actor: email, action });
  return revokeTokens(tx, id);
}
