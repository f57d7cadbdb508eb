import { Problem } from '../../../platform/kernel/problem.ts';
import { setupClosed } from '../problems.ts';
import type { AccountDeps } from './account-deps.ts';
import { closeSetup, isSetupOpen } from './close-setup.ts';
import { hashNewPassword } from './passwords/new-password-hash.ts';
import { addOwner, type NewAccount } from './register.ts';
import type { Session } from './sign-in/session.ts';

/** Registers the first organization of an empty platform. @throws Problem setup-closed */
export async function createFirstOwner(deps: AccountDeps, account: NewAccount): Promise<Session> {
  // Before the password is hashed, which is expensive.
  if (!(await isSetupOpen(deps.database))) throw new Problem(setupClosed);
  const passwordHash = await hashNewPassword(account.password);
  return deps.database.transaction(async (tx) => {
    if (!(await closeSetup(tx))) throw new Problem(setupClosed);
    return addOwner(tx, deps, { ...account, passwordHash });
  });
}
