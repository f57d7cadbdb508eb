import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { type UserRole, users } from '../../../db/schema/people/users.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { revokeTokens } from '../identity/index.ts';
import { recordAct } from '../record-act.ts';

type Member = typeof users.$inferSelect;

/** Changes a member's role and ends the access tokens that state the old one. The caller's right to do it is checked before. */
export async function changeRole<M extends Pick<Member, 'id' | 'email' | 'role'>>(
  tx: Transaction,
  { organizationId, userId: actorId }: Caller,
  member: M,
  role: UserRole,
): Promise<M> {
  const { id, email, role: from } = member;
  await tx.update(users).set({ role }).where(eq(users.id, id));
  await revokeTokens(tx, id);
  await recordAct(tx, {
    organizationId,
    actorId,
    action: 'change-role',
    target: id,
    details: { email, from, to: role },
  });
  return { ...member, role };
}
