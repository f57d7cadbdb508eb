import { inArray, lt, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../db/client.ts';
import { usageLogs } from '../../db/schema/commerce/usage-logs.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';
import { auditLog } from '../../db/schema/people/audit-log.ts';
import { usageKeptSince } from '../../modules/commerce/metering/index.ts';
import { defineProvider } from '../../platform/runtime/boot.ts';

const DAY_MS = 24 * 3_600_000;
/** Rows of one transaction, so that none is long. */
const BATCH = 5_000;

/** Days that each is kept; undefined keeps all. */
export interface Retention {
  audit: number | undefined;
  conversations: number | undefined;
  usage: number | undefined;
}

export const retention = defineProvider(
  ['AUDIT_RETENTION_DAYS', 'CONVERSATION_RETENTION_DAYS', 'USAGE_RETENTION_DAYS'],
  (_, settings): Retention => ({
    audit: settings.AUDIT_RETENTION_DAYS,
    conversations: settings.CONVERSATION_RETENTION_DAYS,
    usage: settings.USAGE_RETENTION_DAYS,
  }),
);

export interface SweptRetained {
  acts: number;
  conversations: number;
  usage: number;
}

/** Removes what is older than the operator keeps it. */
export async function sweepRetained(database: Database, kept: Retention, now: Date): Promise<SweptRetained> {
  const before = (days: number | undefined) => days && new Date(now.getTime() - days * DAY_MS);
  const usageSince = kept.usage === undefined ? undefined : usageKeptSince(kept.usage, now);
  return {
    acts: await removeBefore(database, auditLog, auditLog.createdAt, before(kept.audit)),
    conversations: await removeBefore(database, conversations, conversations.updatedAt, before(kept.conversations)),
    usage: await removeBefore(database, usageLogs, usageLogs.createdAt, usageSince),
  };
}

async function removeBefore(
  database: Database,
  table: PgTable & { id: PgColumn },
  age: PgColumn,
  before: Date | undefined | 0,
): Promise<number> {
  if (!before) return 0;
  for (let removed = 0; ; ) {
    const gone = await database.transaction((tx) => {
      const old = tx.select({ id: table.id }).from(table).where(lt(age, before)).limit(BATCH);
      return tx
        .delete(table)
        .where(inArray(table.id, old))
        .returning({ id: sql<string>`${table.id}` });
    });
    removed += gone.length;
    if (gone.length < BATCH) return removed;
  }
}
