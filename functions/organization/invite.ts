import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { invitations } from '../../db/schema/people/invitations.ts';
import { type UserRole, users } from '../../db/schema/people/users.ts';
import { requireMemberRoom } from '../../modules/commerce/metering/index.ts';
import { holdConfirmed, holdOrganization } from '../../modules/people/accounts/index.ts';
import { digest, newSecret } from '../../modules/people/identity/index.ts';
import { emailTaken } from '../../modules/people/problems.ts';
import { recordAct } from '../../modules/people/record-act.ts';
import type { Notifications } from '../../platform/capabilities/outbox/index.ts';
import { type Language, Problem } from '../../platform/kernel/problem.ts';
import { notFound, rateLimited } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';

const DAYS = 7;
/** Seconds before the same address is written to again. */
const PAUSE = 60;

/**
 * Writes an invitation down and e-mails its token. An earlier one for the address ends.
 * @throws Problem email-unconfirmed, email-taken for a member's address, plan-limit-reached, rate-limited
 */
export async function invite(
  tx: Transaction,
  { notifications }: { notifications: Notifications },
  caller: Caller,
  { email, role, language, issuedAt }: { email: string; role: UserRole; language: Language; issuedAt: Date },
): Promise<typeof invitations.$inferSelect> {
  const { organizationId, userId } = caller;
  const organization = await holdOrganization(tx, organizationId);
  if (!organization) throw new Problem(notFound);
  await holdConfirmed(tx, caller, issuedAt);
  const members = await tx.$count(users, eq(sql`lower(${users.email})`, email.toLowerCase()));
  if (members > 0) throw new Problem(emailTaken);
  await requirePause(tx, email);
  await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(addressed(email), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)));
  await requireMemberRoom(tx, organizationId, { promised: true });

  const token = newSecret();
  const expiresAt = new Date(Date.now() + DAYS * 24 * 3600 * 1000);
  const [row] = await tx
    .insert(invitations)
    .values({ organizationId, email, role, tokenHash: digest(token), invitedBy: userId, expiresAt })
    .returning();
  if (!row) throw new Error('Make invitation: no row came back');
  const [inviter] = await tx.select({ email: users.email }).from(users).where(eq(users.id, userId));
  await notifications.send(tx, {
    organizationId,
    kind: 'invitation',
    reference: row.id,
    email,
    language,
    parameters: { organization: organization.name, inviter: inviter?.email ?? '', token },
  });
  const details = { email, role };
  await recordAct(tx, { organizationId, actorId: userId, action: 'invite-member', target: row.id, details });
  return row;
}

const addressed = (email: string) => eq(sql`lower(${invitations.email})`, email.toLowerCase());

/** No one's mailbox is to be filled. @throws Problem rate-limited */
async function requirePause(tx: Transaction, email: string): Promise<void> {
  const [last] = await tx
    .select({ at: invitations.createdAt })
    .from(invitations)
    .where(addressed(email))
    .orderBy(desc(invitations.createdAt))
    .limit(1);
  const seconds = last ? Math.ceil(PAUSE - (Date.now() - last.at.getTime()) / 1000) : 0;
  if (seconds <= 0) return;
  throw new Problem(rateLimited, { parameters: { seconds }, headers: { 'retry-after': String(seconds) } });
}
