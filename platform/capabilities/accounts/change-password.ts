import { eq } from 'drizzle-orm';
import { users } from '../../../db/schema/users.ts';
import { Problem } from '../../kernel/problem.ts';
import type { AccountDeps } from './account-deps.ts';
import { setPassword } from './new-password.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { holdPerson } from './person.ts';
import { openSession, type Session } from './session.ts';
import { countAttempt } from './sign-in-attempts.ts';

export async function changePassword(
  deps: AccountDeps,
  userId: string,
  { current, password }: { current: string; password: string },
): Promise<Session> {
  const { database } = deps;
  const person = await database.transaction(async (tx) => {
    const [row] = await tx.select().from(users).where(eq(users.id, userId));
    // A stolen token must not be a way to guess the password.
    if (row) await countAttempt(tx, row.email);
    return row;
  });
  if (!person || !(await verifyPassword(person.passwordHash, current))) throw new Problem('invalid-credentials');
  const passwordHash = await hashPassword(password);
  return database.transaction(async (tx) => {
    const held = await holdPerson(tx, userId, true);
    if (held?.passwordHash !== person.passwordHash) throw new Problem('invalid-credentials');
    const issuedAt = await setPassword(tx, held, passwordHash, 'change-password');
    return openSession(tx, deps, held, { issuedAt });
  });
}
