import { eq, lt } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { signInFailures } from '../../../db/schema/sign-in-failures.ts';
import { Problem } from '../../kernel/problem.ts';
import { digest } from '../identity/index.ts';
import { signInWait } from './sign-in-wait.ts';

/*
 * Wrong passwords are counted by address, whether an account has it or not, so that the wait tells nothing. An attempt
 * counts as a failure before its password is looked at and is taken back when it was right: guesses sent at once are as
 * many as guesses sent one after the other.
 */

const DAY_MS = 24 * 3600 * 1000;

const addressed = (email: string) => eq(signInFailures.emailHash, digest(email.toLowerCase()));

/** Must be committed before the password is looked at. @throws Problem too-many-sign-ins */
export async function countAttempt(tx: Transaction, email: string, now = new Date()): Promise<void> {
  await tx
    .insert(signInFailures)
    .values({ emailHash: digest(email.toLowerCase()), failures: 0, lastAt: now })
    .onConflictDoNothing();
  const [row] = await tx.select().from(signInFailures).where(addressed(email)).for('update');
  if (!row) throw new Problem('too-many-sign-ins', waiting(1)); // swept away this moment
  const left = ((row.lockedUntil?.getTime() ?? 0) - now.getTime()) / 1000;
  if (left > 0) throw new Problem('too-many-sign-ins', waiting(Math.ceil(left)));
  const failures = row.failures + 1;
  const lockedUntil = new Date(now.getTime() + signInWait(failures) * 1000);
  await tx.update(signInFailures).set({ failures, lockedUntil, lastAt: now }).where(addressed(email));
}

const waiting = (seconds: number) => ({ parameters: { seconds }, headers: { 'retry-after': String(seconds) } });

/** The person showed who they are. */
export async function forgetAttempts(tx: Transaction, email: string): Promise<void> {
  await tx.delete(signInFailures).where(addressed(email));
}

/** Removes what was last tried a day ago. @returns how many rows went */
export async function forgetOldAttempts(tx: Transaction, now: Date): Promise<number> {
  const gone = await tx
    .delete(signInFailures)
    .where(lt(signInFailures.lastAt, new Date(now.getTime() - DAY_MS)))
    .returning();
  return gone.length;
}
