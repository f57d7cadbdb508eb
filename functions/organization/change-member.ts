import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { type UserRole, users } from '../../db/schema/people/users.ts';
import { holdOrganization } from '../../modules/people/accounts/index.ts';
import { lastOwner } from '../../modules/people/problems.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import { mayChangeRole } from './may-change-role.ts';
import { type MemberRow, memberColumns } from './member.ts';

/**
 * The member whose role is about to change, while the people of the organization stay as they are. Roles are those
 * of this moment, whatever the caller's token says.
 * @throws Problem not-found, last-owner
 */
export async function holdMember(
  tx: Transaction,
  { organizationId, userId }: Caller,
  id: string,
  role: UserRole | null,
): Promise<MemberRow> {
  await holdOrganization(tx, organizationId);
  const rows = await tx
    .select(memberColumns)
    .from(users)
    .where(inArray(users.id, [userId, id]));
  const actor = rows.find((row) => row.id === userId);
  const target = rows.find((row) => row.id === id);
  if (!actor || !target) throw new Problem(notFound);
  const owners = await tx.$count(users, and(eq(users.organizationId, organizationId), eq(users.role, 'owner')));
  const answer = mayChangeRole(actor, target, role, owners);
  if (answer !== 'yes') throw new Problem(answer === 'last-owner' ? lastOwner : notFound);
  return target;
}
