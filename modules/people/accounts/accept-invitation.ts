import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { invitations } from '../../../db/schema/people/invitations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { type Language, Problem } from '../../../platform/kernel/problem.ts';
import { digest } from '../identity/index.ts';
import { emailTaken, invalidInvitation, organizationSuspended } from '../problems.ts';
import { recordAct } from '../record-act.ts';
import type { AccountDeps } from './account-deps.ts';
import { holdOrganization, openInvitations } from './open-invitations.ts';
import { hashNewPassword } from './passwords/new-password-hash.ts';
import { openSession, type Session } from './sign-in/session.ts';

export interface AcceptedInvitation {
  token: string;
  /** Must be the one that was invited. */
  email: string;
  password: string;
  language: Language;
}

/** Checks that an organization may have one person more; plans know that, and accounts know no plans. @throws Problem */
export type RequireRoom = (tx: Transaction, organizationId: string) => Promise<void>;

export async function acceptInvitation(
  deps: AccountDeps,
  { token, email, password, language }: AcceptedInvitation,
  requireRoom: RequireRoom,
): Promise<Session> {
  const passwordHash = await hashNewPassword(password);
  return deps.database.transaction(async (tx) => {
    const [found] = await tx
      .select()
      .from(invitations)
      .where(eq(invitations.tokenHash, digest(token)));
    const organization = found && (await holdOrganization(tx, found.organizationId));
    if (!organization || organization.erasureRequestedAt) throw new Problem(invalidInvitation);
    if (organization.suspendedAt) throw new Problem(organizationSuspended);
    const { id: organizationId } = organization;
    const [accepted] = await tx
      .update(invitations)
      .set({ acceptedAt: sql`now()` })
      .where(
        and(
          eq(invitations.id, found.id),
          eq(sql`lower(${invitations.email})`, email.toLowerCase()),
          openInvitations(organizationId),
        ),
      )
      .returning();
    if (!accepted) throw new Problem(invalidInvitation);
    await requireRoom(tx, organizationId);
    const { role } = accepted;
    const [person] = await tx
      .insert(users)
      .values({ organizationId, email, passwordHash, role, language, emailConfirmedAt: sql`now()` })
      .onConflictDoNothing()
      .returning();
    // Throwing leaves the invitation open.
    if (!person) throw new Problem(emailTaken);
    const act = { action: 'accept-invitation', target: accepted.id, details: { role } };
    await recordAct(tx, { organizationId, actorId: person.id, actor: email, ...act });
    return openSession(tx, deps, person);
  });
}
