import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { invitations } from '../../../db/schema/people/invitations.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { planLimitReached, planOf } from '../../commerce/limits/index.ts';

/** Holds an organization's row until the transaction ends: its people do not change meanwhile. */
export async function holdOrganization(
  tx: Transaction,
  id: string,
): Promise<typeof organizations.$inferSelect | undefined> {
  const [row] = await tx.select().from(organizations).where(eq(organizations.id, id)).for('no key update');
  return row;
}

/**
 * That the plan has room for one person more. The organization must be held.
 * @param options.promised whether open invitations count as people
 * @throws Problem plan-limit-reached
 */
export async function requireMemberRoom(
  tx: Transaction,
  organizationId: string,
  { promised }: { promised: boolean },
): Promise<void> {
  const plan = await planOf(tx, organizationId);
  const people = await tx.$count(users, eq(users.organizationId, organizationId));
  const open = promised ? await tx.$count(invitations, openInvitations(organizationId)) : 0;
  if (people + open < plan.users) return;
  throw await planLimitReached(tx, plan, 'users', people + open);
}

/** Invitations that can still be accepted. */
export const openInvitations = (organizationId: string) =>
  and(
    eq(invitations.organizationId, organizationId),
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
    gt(invitations.expiresAt, sql`now()`),
  );
