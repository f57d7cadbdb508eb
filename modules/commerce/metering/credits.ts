import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { unitCredits } from '../../../db/schema/commerce/unit-credits.ts';
import { holdOrganization } from '../../people/accounts/index.ts';

export interface Credits {
  unit: string;
  amount: number;
  /** Until when they can be used; missing for ever. */
  expiresAt?: Date | undefined;
}

/**
 * Gives an organization units beyond its limits; a wallet gets them by `modules/commerce/wallets`.
 * @returns how many it has now; 0 when it is gone
 */
export async function addCredits(
  tx: Transaction,
  { organizationId }: { organizationId: string },
  { unit, amount, expiresAt }: Credits,
): Promise<number> {
  // Locked first, as by every request that takes some.
  if (!(await holdOrganization(tx, organizationId))) return 0;
  const row = { organizationId, ownerId: organizationId, unit, amount };
  await tx
    .insert(unitCredits)
    .values({ ...row, expiresAt: expiresAt?.toISOString() ?? 'infinity' })
    .onConflictDoUpdate({
      target: [unitCredits.organizationId, unitCredits.ownerId, unitCredits.unit, unitCredits.expiresAt],
      set: { amount: sql`${unitCredits.amount} + ${amount}` },
    });
  const [left] = await tx.execute<{ amount: string }>(
    sql`select credits_left(${organizationId}, ${organizationId}, ${unit}, now()) as amount`,
  );
  return Number(left?.amount);
}
