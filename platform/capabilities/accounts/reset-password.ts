import { Problem } from '../../kernel/problem.ts';
import type { AccountDeps } from './account-deps.ts';
import { useEmailToken } from './email-token.ts';
import { setPassword } from './new-password.ts';
import { hashPassword } from './password.ts';
import { holdPerson } from './person.ts';

export async function resetPassword({ database }: AccountDeps, token: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  await database.transaction(async (tx) => {
    const userId = await useEmailToken(tx, token, 'reset-password');
    const person = await holdPerson(tx, userId, true);
    if (!person) throw new Problem('invalid-email-token');
    await setPassword(tx, person, passwordHash, 'reset-password');
  });
}
