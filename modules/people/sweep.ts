import type { Database } from '../../db/client.ts';
import { removeBefore } from '../../db/remove-before.ts';
import { auditLog } from '../../db/schema/people/audit-log.ts';
import { refreshTokens } from '../../db/schema/people/refresh-tokens.ts';
import { forgetEmailTokens, forgetOldAttempts } from './accounts/index.ts';
import { forgetRevocations } from './identity/index.ts';
import { forgetLinkCodes } from './linked/index.ts';

export interface SweptPeople {
  /** Refresh tokens. */
  tokens: number;
  /** Revocations, tokens of e-mails, codes for messengers, counts of wrong passwords. */
  people: number;
  /** Entries of the audit log. */
  acts: number;
}

/**
 * Removes what has run out about people. Doing it twice does nothing twice.
 * @param auditSince older entries of the audit log are removed; undefined keeps all
 * @returns rows
 */
export const sweepPeople = async (
  database: Database,
  auditSince: Date | undefined,
  now: Date,
): Promise<SweptPeople> => ({
  // Used tokens are kept until they would have expired: seeing one again ends its family.
  tokens: await removeBefore(database, refreshTokens, refreshTokens.expiresAt, now),
  people: await database.transaction(
    async (tx) =>
      (await forgetEmailTokens(tx, now)) +
      (await forgetOldAttempts(tx, now)) +
      (await forgetRevocations(tx, now)) +
      (await forgetLinkCodes(tx, now)),
  ),
  acts: await removeBefore(database, auditLog, auditLog.createdAt, auditSince),
});
