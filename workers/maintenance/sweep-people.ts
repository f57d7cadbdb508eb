import type { Database } from '../../db/client.ts';
import { forgetEmailTokens, forgetOldAttempts } from '../../modules/people/accounts/index.ts';
import { forgetRevocations } from '../../modules/people/identity/index.ts';

/** Removes what has run out about people: tokens of e-mails, counts of wrong passwords, revocations. @returns rows */
export const sweepPeople = (database: Database, now: Date): Promise<number> =>
  database.transaction(
    async (tx) =>
      (await forgetEmailTokens(tx, now)) + (await forgetOldAttempts(tx, now)) + (await forgetRevocations(tx, now)),
  );
