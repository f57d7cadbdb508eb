import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { refreshTokens } from '../../../../db/schema/people/refresh-tokens.ts';
import type { Caller } from '../../../../platform/runtime/http/caller.ts';

/** A sign-in that can still be refreshed. */
export interface OpenSession {
  id: string;
  startedAt: Date;
  /** When it last got tokens, which happens every few minutes while somebody works with it. */
  refreshedAt: Date;
  /** What the client calls itself. */
  userAgent: string | null;
  /** Where it got its last tokens from. */
  address: string | null;
  /** The one that asks. */
  current: boolean;
}

/** The last used one first. */
export async function listSessions(
  tx: Transaction,
  { userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>,
): Promise<OpenSession[]> {
  const { familyId, startedAt, createdAt, userAgent, address } = refreshTokens;
  const isGood = and(
    eq(refreshTokens.userId, userId),
    isNull(refreshTokens.usedAt),
    isNull(refreshTokens.revokedAt),
    gt(refreshTokens.expiresAt, new Date()),
  );
  const rows = await tx
    .select({ id: familyId, startedAt, refreshedAt: createdAt, userAgent, address })
    .from(refreshTokens)
    .where(isGood)
    .orderBy(desc(createdAt), desc(refreshTokens.id));
  // A family has several good tokens after uses at once.
  return rows
    .filter(({ id }, index) => rows.findIndex((row) => row.id === id) === index)
    .map((row) => ({ ...row, current: row.id === sessionId }));
}
