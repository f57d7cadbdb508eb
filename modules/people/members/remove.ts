import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { revokeTokens } from '../identity/index.ts';
import { noteErasure } from '../note-erasure-job.ts';
import { recordAct } from '../record-act.ts';

/** Removes a member, or lets one leave. The caller's right to do it is checked before. */
export async function removeMember(
  tx: Transaction,
  queue: Queue,
  { organizationId, userId: actorId }: Caller,
  { id, email, role }: Pick<typeof users.$inferSelect, 'id' | 'email' | 'role'>,
): Promise<void> {
  // Before the row goes, since the actor's address may be on it.
  const action = id === actorId ? 'leave-organization' : 'remove-member';
  await recordAct(tx, { organizationId, actorId, action, target: id, details: { email, role } });
  await noteErasure(tx, queue, { person: 'user', id });
  await tx.delete(users).where(eq(users.id, id));
  await revokeTokens(tx, id);
}
