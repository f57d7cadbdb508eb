import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidEmailToken } from '../problems.ts';
import { recordAct } from '../record-act.ts';
import type { AccountDeps } from './account-deps.ts';
import { sendEmailToken, useEmailToken } from './email-token.ts';
import { type EndedAccess, endAccess, tellEndedAccess } from './end-access.ts';
import { holdPerson, type Person } from './person.ts';

export async function confirmEmail(deps: AccountDeps, token: string): Promise<EndedAccess> {
  return deps.database.transaction(async (tx) => {
    const person = await holdPerson(tx, await useEmailToken(tx, token, 'confirm-email'), true);
    if (!person) throw new Problem(invalidEmailToken);
    if (person.emailConfirmedAt) return { sessions: 0, keys: 0 };
    const ended = await confirmPerson(tx, person, person.email);
    await tellEndedAccess(tx, deps, person, { reason: 'confirmed', ...ended });
    return ended;
  });
}

/**
 * Confirms the address of a person, whom this transaction holds. Until then they may have been somebody else who knew
 * the address, so what they opened ends.
 * @param actor who vouches: the person's address, or `operator`
 */
export async function confirmPerson(tx: Transaction, person: Person, actor: string): Promise<EndedAccess> {
  const { id, organizationId, email } = person;
  await tx.update(users).set({ emailConfirmedAt: sql`now()` }).where(eq(users.id, id));
  const { ended } = await endAccess(tx, person, { keys: true });
  const actorId = actor === email ? id : null;
  const act = { action: 'confirm-email', target: email, details: { ...ended } };
  await recordAct(tx, { organizationId, actorId, actor, ...act });
  return ended;
}

export async function resendConfirmation(deps: AccountDeps, userId: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [person] = await tx.select().from(users).where(eq(users.id, userId));
    if (person && !person.emailConfirmedAt) await sendEmailToken(tx, deps, person, 'confirm-email');
  });
}
