import { Problem } from '../../kernel/problem.ts';
import type { AccountDeps } from './account-deps.ts';
import { knownDevice } from './device-token.ts';
import { verifyPassword } from './password.ts';
import { holdPerson, personByEmail } from './person.ts';
import { openSession, type Session } from './session.ts';
import { countAttempt, type SignInOrigin, takeBackAttempt } from './sign-in-attempts.ts';

/** @param decoy hash to check the password of an unknown address against */
export async function signIn(
  deps: AccountDeps,
  decoy: () => Promise<string>,
  { email, password, client, device }: { email: string; password: string } & SignInOrigin,
): Promise<Session> {
  const { person, attempt } = await deps.database.transaction(async (tx) => {
    const found = await personByEmail(tx, email);
    const known = found && knownDevice(device, found);
    return { person: found, attempt: await countAttempt(tx, email, { client, device: known }) };
  });
  const matches = await verifyPassword(person?.passwordHash ?? (await decoy()), password);
  if (!person || !matches) throw new Problem('invalid-credentials');
  const session = await deps.database.transaction(async (tx) => {
    const held = await holdPerson(tx, person.id);
    // The password may have been changed while it was being checked.
    if (held?.passwordHash !== person.passwordHash) return undefined;
    await takeBackAttempt(tx, attempt);
    return openSession(tx, deps, held);
  });
  if (!session) throw new Problem('invalid-credentials');
  return session;
}
