import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { users } from '../../../../db/schema/people/users.ts';
import type { Notifications } from '../../../../platform/capabilities/outbox/index.ts';
import { recordAct } from '../../record-act.ts';
import { type EndedAccess, endAccess, tellEndedAccess } from '../end-access.ts';
import type { Person } from '../person.ts';
import { forgetAttempts } from '../sign-in/sign-in-attempts.ts';

/**
 * Gives a person, whom this transaction holds, a new password and ends everything that was signed in with the old one,
 * with their API keys where asked. The person gets an e-mail that says what ended.
 * @returns what ended, and from when on new tokens are good
 */
export async function setPassword(
  tx: Transaction,
  deps: { notifications: Notifications },
  person: Person,
  passwordHash: string,
  { action, revokeKeys }: { action: 'reset-password' | 'change-password'; revokeKeys: boolean },
): Promise<{ ended: EndedAccess; issuedAt: Date }> {
  const { id, organizationId, email } = person;
  const isReset = action === 'reset-password';
  // Who got the e-mail has the address.
  const confirmed = isReset && { emailConfirmedAt: sql`coalesce(${users.emailConfirmedAt}, now())` };
  await tx
    .update(users)
    .set({ passwordHash, ...confirmed })
    .where(eq(users.id, id));
  const { ended, issuedAt } = await endAccess(tx, person, { keys: revokeKeys });
  await forgetAttempts(tx, email);
  await recordAct(tx, { organizationId, actorId: id, actor: email, action, details: { ...ended } });
  await tellEndedAccess(tx, deps, person, { reason: isReset ? 'reset' : 'changed', ...ended });
  return { ended, issuedAt };
}
