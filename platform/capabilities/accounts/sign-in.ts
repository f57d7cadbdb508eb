import { Problem } from '../../kernel/problem.ts';
import type { AccountDeps } from './account-deps.ts';
import { verifyPassword } from './password.ts';
import { holdPerson, personByEmail } from './person.ts';
import { openSession, type Session } from './session.ts';
import { countAttempt, forgetAttempts } from './sign-in-attempts.ts';

/** @param decoy hash to check the password of an unknown address against */
export async function signIn(
  deps: AccountDeps,
  decoy: () => Promise<string>,
  { email, password }: { email: string; password: string },
): Promise<Session> {
  const person = await deps.database.transaction(async (tx) => {
    await countAttempt(tx, email);
    return personByEmail(tx, email);
  });
  const matches = await verifyPassword(person?.passwordHash ?? (await decoy()), password);
  if (!person || !matches) throw new Problem('invalid-credentials');
  const session = await deps.database.transaction(async (tx) => {
    const held = await holdPerson(tx, person.id);
    // The password may have been changed while it was being checked.
    if (held?.passwordHash !== person.passwordHash) return undefined;
    await forgetAttempts(tx, email);
    return openSession(tx, deps, held);
  });
  if (!session) throw new Problem('invalid-credentials');
  return session;
}
