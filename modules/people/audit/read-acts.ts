import { and, asc, desc, eq, gt, gte, lt, or, type SQL } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { auditLog } from '../../../db/schema/people/audit-log.ts';

/** Acts that are wanted; a missing condition wants all. */
export interface ActFilter {
  actorId?: string | undefined;
  action?: string | undefined;
  /** Earliest moment (inclusive) and latest (exclusive). */
  from?: Date | undefined;
  to?: Date | undefined;
}

export type ActRow = typeof auditLog.$inferSelect;

/** What a filter means for a query. */
export const matchesActs = ({ actorId, action, from, to }: ActFilter): SQL | undefined =>
  and(
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    action === undefined ? undefined : eq(auditLog.action, action),
    from && gte(auditLog.createdAt, from),
    to && lt(auditLog.createdAt, to),
  );

const ROWS = 1_000;

/**
 * An organization's acts, oldest first, a page at a time.
 * @param inTransaction runs each page in a transaction of its own: a reader that is slow holds no connection
 */
export async function* readActs(
  inTransaction: (read: (tx: Transaction) => Promise<ActRow[]>) => Promise<ActRow[]>,
  organizationId: string,
  filter: ActFilter,
): AsyncGenerator<ActRow[]> {
  for (let last: ActRow | undefined; ; ) {
    const after =
      last &&
      and(
        gte(auditLog.createdAt, last.createdAt),
        or(gt(auditLog.createdAt, last.createdAt), lt(auditLog.id, last.id)),
      );
    // The order of the index, read backwards.
    const rows = await inTransaction((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.organizationId, organizationId), matchesActs(filter), after))
        .orderBy(asc(auditLog.createdAt), desc(auditLog.id))
        .limit(ROWS),
    );
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS) return;
    last = rows.at(-1);
  }
}
