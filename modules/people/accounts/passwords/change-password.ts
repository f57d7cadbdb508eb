import { eq } from 'drizzle-orm';
import { users } from '../../../../db/schema/people/users.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { invalidCredentials } from '../../problems.ts';
import type { AccountDeps } from '../account-deps.ts';
import { holdPerson } from '../person.ts';
import { knownDevice } from '../sign-in/device-token.ts';
import { openSession, type Session } from '../sign-in/session.ts';
import { recordFailedPassword } from '../sign-in/sign-in.ts';
import { countAttempt, type SignInOrigin } from '../sign-in/sign-in-attempts.ts';
import { setPassword } from './new-password.ts';
import { hashNewPassword } from './new-password-hash.ts';
import { verifyPassword } from './password.ts';

export interface PasswordChange {
  current: string;
  password: string;
  /** API keys stay unless told. */
  revokeKeys?: boolean | undefined;
}

export async function changePassword(
  deps: AccountDeps,
  userId: string,
  { current, password, revokeKeys = false }: PasswordChange,
  { client, device }: SignInOrigin,
): Promise<Session & { revokedKeys: number }> {
  const { database } = deps;
  const person = await database.transaction(async (tx) => {
    const [row] = await tx.select().from(users).where(eq(users.id, userId));
    // A stolen token must not be a way to guess the password.
    if (row) await countAttempt(tx, row.email, { client, device: knownDevice(device, row) });
    return row;
  });
  if (!person) throw new Problem(invalidCredentials);
  if (!(await verifyPassword(person.passwordHash, current))) {
    await database.transaction((tx) => recordFailedPassword(tx, person, 'change-password'));
    throw new Problem(invalidCredentials);
  }
  const passwordHash = await hashNewPassword(password);
  return database.transaction(async (tx) => {
    const held = await holdPerson(tx, userId, true);
    if (held?.passwordHash !== person.passwordHash) throw new Problem(invalidCredentials);
    const change = { action: 'change-password', revokeKeys } as const;
    const { ended, issuedAt } = await setPassword(tx, deps, held, passwordHash, change);
    return { ...(await openSession(tx, deps, { ...held, passwordHash }, { issuedAt })), revokedKeys: ended.keys };
  });
}
