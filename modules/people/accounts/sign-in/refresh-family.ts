import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { refreshTokens } from '../../../../db/schema/people/refresh-tokens.ts';
import { digest, newSecret } from '../../identity/index.ts';

/**
 * Refresh tokens are used once: each use gives the next token of the same family. A second use means that two parties
 * hold the token, so the whole family ends and both have to sign in again (RFC 9700, section 4.14.2).
 */

export async function issueRefreshToken(
  tx: Transaction,
  userId: string,
  days: number,
  familyId: string = crypto.randomUUID(),
): Promise<string> {
  const token = newSecret();
  const expiresAt = new Date(Date.now() + days * 24 * 3600 * 1000);
  await tx.insert(refreshTokens).values({ familyId, userId, tokenHash: digest(token), expiresAt });
  return token;
}

/**
 * Uses a token up. `undefined` when it is unknown, expired or revoked, and when it was used before; in that case its
 * family is revoked, which the caller must commit.
 */
export async function useRefreshToken(
  tx: Transaction,
  token: string,
): Promise<{ userId: string; familyId: string } | undefined> {
  const row = await holdFamily(tx, token);
  if (!row || row.revokedAt || row.expiresAt.getTime() <= Date.now()) return undefined;
  if (row.usedAt) {
    await revokeFamily(tx, row.familyId);
    return undefined;
  }
  await tx.update(refreshTokens).set({ usedAt: sql`now()` }).where(eq(refreshTokens.id, row.id));
  return { userId: row.userId, familyId: row.familyId };
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
async function holdFamily(tx: Transaction, token: string): Promise<typeof refreshTokens.$inferSelect | undefined> {
  const find = () =>
    tx
      .select()
      .from(refreshTokens)
      .where(eq(refreshTokens.tokenHash, digest(token)));
  const [before] = await find();
  if (!before) return undefined;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${before.familyId}, 0))`);
  const [row] = await find();
  return row;
}

const revokeFamily = (tx: Transaction, familyId: string) => revokeWhere(tx, eq(refreshTokens.familyId, familyId));

/**
 * Ends all sign-ins of a person, whom the transaction must hold: a refresh under way holds them as well.
 * @returns how many were still good
 */
export const revokeFamiliesOf = (tx: Transaction, userId: string) => revokeWhere(tx, eq(refreshTokens.userId, userId));

async function revokeWhere(tx: Transaction, condition: SQL): Promise<number> {
  const revoked = await tx
    .update(refreshTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(condition, isNull(refreshTokens.revokedAt)))
    .returning();
  return revoked.filter(({ usedAt, expiresAt }) => !usedAt && expiresAt.getTime() > Date.now()).length;
}
