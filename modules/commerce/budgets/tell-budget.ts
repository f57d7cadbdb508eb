import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { SpentBudget } from '../metering/calls/call-metering.ts';
import { fromDecimal } from '../metering/calls/cost.ts';
import { endOf } from '../metering/periods.ts';
import { tellPeople } from '../tell-people.ts';
import { trimmed } from './budgets.ts';

/** Writes to every owner and admin of the organization that a budget is nearly or wholly spent, once for each share in a window. */
export async function tellBudget(
  tx: Transaction,
  notifications: Notifications,
  organizationId: string,
  { id, scope, scopeId, window, start, what, used, limit }: SpentBudget,
): Promise<void> {
  const share = fromDecimal(used) < fromDecimal(limit) ? 80 : 100;
  const reference = `budget/${id}/${what}/${start}/${limit}/${share}`;
  const parameters = {
    ...{ scope, name: await nameOf(tx, scope, scopeId), what, share, used: trimmed(used), limit: trimmed(limit) },
    ...(window !== 'total' && { resetAt: endOf(window, new Date(`${start}T00:00:00Z`)).toISOString() }),
  };
  const letter = { organizationId, kind: 'budget-spent', reference, parameters } as const;
  await tellPeople(tx, notifications, ['owner', 'admin'], letter);
}

async function nameOf(tx: Transaction, scope: SpentBudget['scope'], scopeId: string | null): Promise<string> {
  if (scope !== 'key') return scopeId ?? '';
  const [key] = await tx.select({ name: apiKeys.name }).from(apiKeys).where(sql`${apiKeys.id}::text = ${scopeId}`);
  return key?.name ?? '';
}
