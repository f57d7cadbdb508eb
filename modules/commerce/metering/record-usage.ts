import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import type { UsageAction } from '../../../db/schema/commerce/usage-logs.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';

/** What is used without a provider; questions are settled instead. */
export interface UsageEntry {
  action: UsageAction;
  metadata?: Record<string, unknown>;
}

/** Writes one thing that was used, and the month's totals, in the transaction that makes it so. */
export async function recordUsage(tx: Transaction, caller: Caller, entry: UsageEntry): Promise<void> {
  const { organizationId, userId } = caller;
  await tx.execute(sql`select write_usage(
    ${organizationId}, ${userId}, ${entry.action}, gen_random_uuid(), 1, 'done', null, 0, 0, 0, 0,
    ${JSON.stringify(entry.metadata ?? {})}::jsonb, now())`);
}

const statement = `select write_usage($1, $2, $3, gen_random_uuid(), 1, 'done', null, 0, 0, 0, 0, $4::jsonb, now())`;

/** The same where nothing else is written, in one round trip. */
export async function recordUsageAlone(
  database: Pick<Database, 'tenantStatement'>,
  { organizationId, userId }: Caller,
  { action, metadata = {} }: UsageEntry,
): Promise<void> {
  await database.tenantStatement(organizationId, statement, [organizationId, userId, action, JSON.stringify(metadata)]);
}
