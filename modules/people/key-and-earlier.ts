import { and, eq, isNull, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { apiKeys } from '../../db/schema/people/api-keys.ts';

/** Rows of a key: its own, and those of what it was called before it was rotated. */
export const keyAndEarlier = (id: string) => or(eq(apiKeys.id, id), eq(apiKeys.replacedBy, id));

/** Revokes a key with its earlier secrets. @returns the rows that worked until now */
export const endKey = (tx: Transaction, id: string) =>
  tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(keyAndEarlier(id), isNull(apiKeys.revokedAt)))
    .returning();
