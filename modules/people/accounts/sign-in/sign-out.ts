import { eq } from 'drizzle-orm';
import { users } from '../../../../db/schema/people/users.ts';
import { recordAct } from '../../record-act.ts';
import type { AccountDeps } from '../account-deps.ts';
import { revokeRefreshToken } from './refresh-family.ts';

export async function signOut({ database }: AccountDeps, refreshToken: string): Promise<void> {
  await database.transaction(async (tx) => {
    const userId = await revokeRefreshToken(tx, refreshToken);
    const [person] = userId ? await tx.select().from(users).where(eq(users.id, userId)) : [];
    if (!person) return;
    const { id: actorId, organizationId, email: actor } = person;
    await recordAct(tx, { organizationId, actorId, actor, action: 'sign-out' });
  });
}
