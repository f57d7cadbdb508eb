import { Problem } from '../../../../platform/kernel/problem.ts';
import { invalidEmailToken } from '../../problems.ts';
import type { AccountDeps } from '../account-deps.ts';
import { useEmailToken } from '../email-token.ts';
import type { EndedAccess } from '../end-access.ts';
import { holdPerson } from '../person.ts';
import { setPassword } from './new-password.ts';
import { hashNewPassword } from './new-password-hash.ts';

export async function resetPassword(deps: AccountDeps, token: string, password: string): Promise<EndedAccess> {
  const passwordHash = await hashNewPassword(password);
  return deps.database.transaction(async (tx) => {
    const userId = await useEmailToken(tx, token, 'reset-password');
    const person = await holdPerson(tx, userId, true);
    if (!person) throw new Problem(invalidEmailToken);
    const change = { action: 'reset-password', revokeKeys: true } as const;
    return (await setPassword(tx, deps, person, passwordHash, change)).ended;
  });
}
