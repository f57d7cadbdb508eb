import { eq, sql } from 'drizzle-orm';
import { users } from '../../../db/schema/users.ts';
import type { AccountDeps } from './account-deps.ts';
import { sendEmailToken, useEmailToken } from './email-token.ts';

/** Confirming again what is confirmed changes nothing. */
export const confirmedNow = sql`coalesce(${users.emailConfirmedAt}, now())`;

export async function confirmEmail({ database }: AccountDeps, token: string): Promise<void> {
  await database.transaction(async (tx) => {
    const userId = await useEmailToken(tx, token, 'confirm-email');
    await tx.update(users).set({ emailConfirmedAt: confirmedNow }).where(eq(users.id, userId));
  });
}

export async function resendConfirmation(deps: AccountDeps, userId: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [person] = await tx.select().from(users).where(eq(users.id, userId));
    if (person && !person.emailConfirmedAt) await sendEmailToken(tx, deps, person, 'confirm-email');
  });
}
