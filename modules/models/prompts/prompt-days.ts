import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { promptLogSettings } from '../../../db/schema/models/prompt-logs.ts';

/** Days that an organization has its prompts kept; undefined while it has them not logged. */
export async function promptDays(tx: Transaction, organizationId: string): Promise<number | undefined> {
  const [row] = await tx
    .select({ keepDays: promptLogSettings.keepDays })
    .from(promptLogSettings)
    .where(eq(promptLogSettings.organizationId, organizationId));
  return row?.keepDays;
}
