import { and, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { refreshTokens } from '../../../../db/schema/people/refresh-tokens.ts';
import { requestClient } from '../../../../platform/kernel/request-client.ts';
import { digest, newSecret } from '../../identity/index.ts';

/*
 * Refresh tokens are used once: each use gives the next token of the same family. A later use means that two parties
 * hold the token, so the whole family ends and both have to sign in again (RFC 9700, section 4.14.2).
 *
 * Two tabs use a token at once, and an answer gets lost, so a token may be used again within the grace after its first
 * use. Each such use gives one more token, all of which are good until one of them is used: that uses up the others too,
 * and their own grace begins. So a family never splits in two for longer than the grace: of two parties that go on with
 * tokens of the same family, the one that comes later ends it for both.
 */

/** Seconds, by the clock of the database, which all processes share. */
const GRACE_SECONDS = 30;
const LONGEST_USER_AGENT = 300;

/** The sign-in that a token belongs to; an unknown start means that it starts with the token. */
export interface Family {
  familyId: string;
  startedAt?: Date | undefined;
}

/** Notes with the token which client got it. @returns the token, and when the sign-in that it belongs to began */
export async function issueRefreshToken(
  tx: Transaction,
  userId: string,
  days: number,
  family: Family,
): Promise<{ token: string; startedAt: Date }> {
  const token = newSecret();
  const expiresAt = new Date(Date.now() + days * 24 * 3600 * 1000);
  const { address, userAgent } = requestClient.getStore() ?? {};
  const client = { address, userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) };
  const [row] = await tx
    .insert(refreshTokens)
    .values({ ...family, userId, tokenHash: digest(token), expiresAt, ...client })
    .returning({ startedAt: refreshTokens.startedAt });
  return { token, startedAt: row?.startedAt ?? new Date() };
}

/**
 * Uses a token up, and with it all of its family that are unused. `undefined` when it is unknown, expired or revoked, and when
 * it was used before the grace; in that case its family is revoked, which the caller must commit.
 */
export async function useRefreshToken(tx: Transaction, token: string): Promise<Family | undefined> {
  const row = await holdFamily(tx, token);
  if (!row || row.revokedAt || row.expiresAt.getTime() <= Date.now()) return undefined;
  const { familyId, startedAt } = row;
  if (!row.usedAt) {
    const unused = and(eq(refreshTokens.familyId, familyId), isNull(refreshTokens.usedAt));
    await tx.update(refreshTokens).set({ usedAt: sql`clock_timestamp()` }).where(unused);
  } else if (!row.usedLately) {
    await revokeFamily(tx, familyId);
    return undefined;
  }
  return { familyId, startedAt };
}

/** Whose token it is, if anybody's. */
export async function ownerOfRefreshToken(tx: Transaction, token: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ userId: refreshTokens.userId })
    .from(refreshTokens)
    .where(eq(refreshTokens.tokenHash, digest(token)));
  return row?.userId;
}

/** Ends a sign-in. An unknown token is fine: the result is the same. @returns whose it was, unless it had ended before */
export async function revokeRefreshToken(tx: Transaction, token: string): Promise<string | undefined> {
  const row = await holdFamily(tx, token);
  if (!row) return undefined;
  await revokeFamily(tx, row.familyId);
  return row.revokedAt ? undefined : row.userId;
}

/**
 * The row of a token, read while this transaction alone may use or end its family. Locking the row would not do: a
 * refresh under way adds a row that is not there yet to be locked or revoked.
 */
async function holdFamily(tx: Transaction, token: string) {
  // A clock that was set back leaves uses in the future, which must not prolong the grace.
  const grace = sql.raw(`interval '${GRACE_SECONDS} seconds'`);
  const usedLately = sql<boolean | null>`
    ${refreshTokens.usedAt} between clock_timestamp() - ${grace} and clock_timestamp() + ${grace}`;
  const find = () =>
    tx
      .select({ ...getTableColumns(refreshTokens), usedLately })
      .from(refreshTokens)
      .where(eq(refreshTokens.tokenHash, digest(token)));
  const [before] = await find();
  if (!before) return undefined;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${before.familyId}, 0))`);
  const [row] = await find();
  return row;
}

const revokeFamily = (tx: Transaction, familyId: string) => revokeWhere(tx, eq(refreshTokens.familyId, familyId));

/** Ends one sign-in of a person, whom the transaction must hold. @returns whether it was still good */
export const revokeFamilyOf = async (tx: Transaction, userId: string, familyId: string): Promise<boolean> =>
  (await revokeWhere(tx, and(eq(refreshTokens.userId, userId), eq(refreshTokens.familyId, familyId)))) > 0;

/**
 * Ends all sign-ins of a person, whom the transaction must hold: a refresh under way holds them as well.
 * @returns how many sign-ins were still good
 */
export const revokeFamiliesOf = (tx: Transaction, userId: string) => revokeWhere(tx, eq(refreshTokens.userId, userId));

async function revokeWhere(tx: Transaction, condition: SQL | undefined): Promise<number> {
  const revoked = await tx
    .update(refreshTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(condition, isNull(refreshTokens.revokedAt)))
    .returning();
  const good = revoked.filter(({ usedAt, expiresAt }) => !usedAt && expiresAt.getTime() > Date.now());
  return new Set(good.map(({ familyId }) => familyId)).size;
}
