import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { type Language, Problem } from '../../../platform/kernel/problem.ts';
import { emailTaken } from '../problems.ts';
import type { AccountDeps } from './account-deps.ts';
import { closeSetup } from './close-setup.ts';
import { sendEmailToken } from './email-token.ts';
import { hashNewPassword } from './passwords/new-password-hash.ts';
import { openSession, type Session } from './sign-in/session.ts';

export interface NewAccount {
  email: string;
  password: string;
  organization: string;
  /** Of e-mails to this person. */
  language: Language;
}

export async function register(
  deps: AccountDeps,
  { email, password, organization, language }: NewAccount,
): Promise<Session> {
  const passwordHash = await hashNewPassword(password);
  return deps.database.transaction(async (tx) => {
    await closeSetup(tx);
    return addOwner(tx, deps, { email, organization, language, passwordHash });
  });
}

/** @throws Problem email-taken, which undoes the organization as well */
export async function addOwner(
  tx: Transaction,
  deps: AccountDeps,
  { email, organization, language, passwordHash }: Omit<NewAccount, 'password'> & { passwordHash: string },
): Promise<Session> {
  const [created] = await tx.insert(organizations).values({ name: organization }).returning();
  if (!created) throw new Error('Create organization: no row came back');
  const [owner] = await tx
    .insert(users)
    .values({ organizationId: created.id, email, passwordHash, role: 'owner', language })
    .onConflictDoNothing()
    .returning();
  if (!owner) throw new Problem(emailTaken);
  await sendEmailToken(tx, deps, owner, 'confirm-email');
  return openSession(tx, deps, owner);
}
