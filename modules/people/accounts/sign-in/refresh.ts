import { Problem } from '../../../../platform/kernel/problem.ts';
import { invalidRefreshToken } from '../../problems.ts';
import type { AccountDeps } from '../account-deps.ts';
import { holdPerson } from '../person.ts';
import { ownerOfRefreshToken, useRefreshToken } from './refresh-family.ts';
import { openSession, type Session } from './session.ts';

export async function refresh(deps: AccountDeps, refreshToken: string): Promise<Session> {
  // The transaction must commit on reuse as well, so that the revocation stays; hence no throw inside.
  const renewed = await deps.database.transaction(async (tx) => {
    const userId = await ownerOfRefreshToken(tx, refreshToken);
    // Held before the token is looked at: a new password, which ends all families, comes before or after both.
    const person = userId && (await holdPerson(tx, userId));
    const used = await useRefreshToken(tx, refreshToken);
    return person && used && openSession(tx, deps, person, { family: used });
  });
  if (!renewed) throw new Problem(invalidRefreshToken);
  return renewed;
}
