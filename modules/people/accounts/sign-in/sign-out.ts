import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { users } from '../../../../db/schema/people/users.ts';
import { recordAct } from '../../record-act.ts';
import type { AccountDeps } from '../account-deps.ts';
import { revokeRefreshToken } from './refresh-family.ts';

export const signOut = ({ database }: AccountDeps, refreshToken: string): Promise<void> =>
  database.transaction((tx) => signOutWithin(tx, refreshToken));

/** Ends the sign-in that a token belongs to; one that has ended, or never was, stays as it is. */
export async function signOutWithin(tx: Transaction, refreshToken: string): Promise<void> {
  const userId = await revokeRefreshToken(tx, refreshToken);
  const [person] = userId ? await tx.select().from(users).where(eq(users.id, userId)) : [];
  if (!person) return;
  const { id: actorId, organizationId, email: actor } = person;
  await recordAct(tx, { organizationId, actorId, actor, action: 'sign-out' });
}
