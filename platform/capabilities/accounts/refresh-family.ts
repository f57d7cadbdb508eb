import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { refreshTokens } from '../../../db/schema/refresh-tokens.ts';

/**
 * Refresh tokens are used once: each use gives the next token of the same family. A second use means that two parties
 * hold the token, so the whole family ends and both have to sign in again (RFC 9700, section 4.14.2).
 */

const digest = (token: string) => createHash('sha256').update(token).digest('hex');

export async function issueRefreshToken(
  tx: Transaction,
  userId: string,
  days: number,
  familyId: string = crypto.randomUUID(),
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
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

/** Ends a sign-in. An unknown token is fine: the result is the same. */
export async function revokeRefreshToken(tx: Transaction, token: string): Promise<void> {
  const row = await holdFamily(tx, token);
  if (row) await revokeFamily(tx, row.familyId);
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

async function revokeFamily(tx: Transaction, familyId: string): Promise<void> {
  await tx
    .update(refreshTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(refreshTokens.familyId, familyId), isNull(refreshTokens.revokedAt)));
}
