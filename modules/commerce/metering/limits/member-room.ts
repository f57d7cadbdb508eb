import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { invitations } from '../../../../db/schema/people/invitations.ts';
import { users } from '../../../../db/schema/people/users.ts';
import { openInvitations } from '../../../people/accounts/index.ts';
import { planOf } from '../plan.ts';
import { describeLimitReached } from './plan-limit.ts';

/**
 * That the plan has room for one person more. The organization must be held.
 * @param options.promised whether open invitations count as people
 * @throws Problem plan-limit-reached
 */
export async function requireMemberRoom(
  tx: Transaction,
  organizationId: string,
  { promised }: { promised: boolean } = { promised: false },
): Promise<void> {
  const plan = await planOf(tx, organizationId);
  const people = await tx.$count(users, eq(users.organizationId, organizationId));
  const open = promised ? await tx.$count(invitations, openInvitations(organizationId)) : 0;
  if (people + open < plan.users) return;
  throw await describeLimitReached(tx, plan, 'users', people + open);
}
