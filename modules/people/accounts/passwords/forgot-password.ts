import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountDeps } from '../account-deps.ts';
import { sendEmailToken } from '../email-token.ts';
import { personByEmail } from '../person.ts';

/** Longer than the work takes on a server that is not overloaded, so that the time does not tell whether there was any. */
const ANSWER_MS = 250;

export async function forgotPassword(deps: AccountDeps, email: string): Promise<void> {
  const work = deps.database.transaction(async (tx) => {
    const person = await personByEmail(tx, email);
    if (person) await sendEmailToken(tx, deps, person, 'reset-password');
  });
  await Promise.all([work, sleep(ANSWER_MS)]);
}
