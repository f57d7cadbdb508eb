import { and, eq, gt, inArray } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { revocations } from '../../../db/schema/people/revocations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { invalidCredential } from '../identity/index.ts';
import { emailUnconfirmed } from '../problems.ts';

/**
 * For what outlives a session, such as a key: that the caller's address is confirmed and their token still good, until this
 * transaction ends. Whatever ends the person's access waits for it, or is seen here: the list that a process knows may be a
 * second old.
 * @param issuedAt when the caller's token was issued
 * @throws Problem email-unconfirmed, unauthenticated
 */
export async function holdConfirmed(tx: Transaction, caller: Caller, issuedAt: Date): Promise<void> {
  const { userId, organizationId, sessionId } = caller;
  const [person] = await tx
    .select({ confirmedAt: users.emailConfirmedAt })
    .from(users)
    .where(eq(users.id, userId))
    .for('share');
  const revoked = and(
    inArray(revocations.subject, [userId, organizationId, ...(sessionId ? [sessionId] : [])]),
    gt(revocations.at, issuedAt),
  );
  if (!person || (await tx.$count(revocations, revoked)) > 0) {
    throw invalidCredential(new Error('Hold person: gone, or the token was revoked'));
  }
  if (!person.confirmedAt) throw new Problem(emailUnconfirmed);
}
