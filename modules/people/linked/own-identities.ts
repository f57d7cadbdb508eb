import { and, asc, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { linkedIdentities } from '../../../db/schema/people/linked-identities.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { recordAct } from '../record-act.ts';

const shown = {
  id: linkedIdentities.id,
  botId: linkedIdentities.botId,
  letters: linkedIdentities.letters,
  createdAt: linkedIdentities.createdAt,
};
export type OwnIdentity = Pick<typeof linkedIdentities.$inferSelect, keyof typeof shown>;

/** Those of the caller, the oldest first. */
export const ownIdentities = (tx: Transaction, { userId }: Caller): Promise<OwnIdentity[]> =>
  tx
    .select(shown)
    .from(linkedIdentities)
    .where(eq(linkedIdentities.userId, userId))
    .orderBy(asc(linkedIdentities.createdAt), asc(linkedIdentities.id));

const own = ({ userId }: Caller, id: string) => and(eq(linkedIdentities.id, id), eq(linkedIdentities.userId, userId));

/** @throws Problem not-found */
export async function changeIdentity(
  tx: Transaction,
  caller: Caller,
  id: string,
  change: { letters: boolean },
): Promise<OwnIdentity> {
  const [row] = await tx.update(linkedIdentities).set(change).where(own(caller, id)).returning(shown);
  if (!row) throw new Problem(notFound);
  return row;
}

/** @throws Problem not-found */
export async function unlinkIdentity(tx: Transaction, caller: Caller, id: string): Promise<void> {
  const { organizationId, userId } = caller;
  const [row] = await tx.delete(linkedIdentities).where(own(caller, id)).returning();
  if (!row) throw new Problem(notFound);
  const { botId } = row;
  await recordAct(tx, {
    organizationId,
    actorId: userId,
    action: 'unlink-identity',
    target: userId,
    details: { botId },
  });
}
