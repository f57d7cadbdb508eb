import type { Transaction } from '../../../../db/client.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { invalidCredentials } from '../../problems.ts';
import { recordAct } from '../../record-act.ts';
import type { AccountDeps } from '../account-deps.ts';
import { verifyPassword } from '../passwords/password.ts';
import { holdPerson, type Person, personByEmail } from '../person.ts';
import { knownDevice } from './device-token.ts';
import { openSession, type Session } from './session.ts';
import { type Attempt, countAttempt, type SignInOrigin, takeBackAttempt, touchAttempt } from './sign-in-attempts.ts';
import { signOutWithin } from './sign-out.ts';

export interface SignIn extends SignInOrigin {
  email: string;
  password: string;
  /** Refresh token of the session that the new one takes the place of: that one ends. */
  replaces?: string | undefined;
}

/** @param decoy hash to check the password of an unknown address against */
export async function signIn(
  deps: AccountDeps,
  decoy: () => Promise<string>,
  { email, password, client, device, replaces }: SignIn,
): Promise<Session> {
  const { person, attempt } = await deps.database.transaction(async (tx) => {
    const found = await personByEmail(tx, email);
    const known = found && knownDevice(device, found);
    return { person: found, attempt: await countAttempt(tx, email, { client, device: known }) };
  });
  const matches = await verifyPassword(person?.passwordHash ?? (await decoy()), password);
  if (!person || !matches) {
    await deps.database.transaction((tx) => noteFailure(tx, person, attempt));
    throw new Problem(invalidCredentials);
  }
  const session = await deps.database.transaction(async (tx) => {
    const held = await holdPerson(tx, person.id);
    // The password may have been changed while it was being checked.
    if (held?.passwordHash !== person.passwordHash) return undefined;
    await takeBackAttempt(tx, attempt);
    const { id, organizationId } = held;
    if (replaces !== undefined) await signOutWithin(tx, replaces);
    await recordAct(tx, { organizationId, actorId: id, actor: held.email, action: 'sign-in' });
    return openSession(tx, deps, held);
  });
  if (!session) throw new Problem(invalidCredentials);
  return session;
}

/** For an address without an account a row is written all the same: the time would tell the two apart. */
async function noteFailure(tx: Transaction, person: Person | undefined, attempt: Attempt): Promise<void> {
  if (!person) return touchAttempt(tx, attempt);
  await recordFailedPassword(tx, person, 'sign-in');
}

/** @param at what the wrong password was given for */
export async function recordFailedPassword(
  tx: Transaction,
  { id, organizationId }: Pick<Person, 'id' | 'organizationId'>,
  at: 'sign-in' | 'change-password',
): Promise<void> {
  await recordAct(tx, { organizationId, actor: 'unknown', action: 'fail-sign-in', target: id, details: { at } });
}
