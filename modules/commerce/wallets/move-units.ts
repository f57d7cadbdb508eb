import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import type { WalletReason } from '../../../db/schema/commerce/wallet-entries.ts';

interface Movement {
  organizationId: string;
  walletId: string;
  unit: string;
  /** Whole and above zero. */
  amount: number;
  why: Exclude<WalletReason, 'use' | 'return' | 'expiry'>;
  reference: string;
  actor?: string | undefined;
  expiresAt?: Date | undefined;
}

/** Adds units to a wallet once for each reason and reference; false when it was done before. Locks the organization's row. */
export const creditUnits = (tx: Transaction, movement: Movement): Promise<boolean> => move(tx, movement, 1);

/** Takes units from a wallet once for each reason and reference; what it does not have is owed. Locks as well. */
export const debitUnits = (tx: Transaction, movement: Movement): Promise<boolean> => move(tx, movement, -1);

async function move(tx: Transaction, movement: Movement, sign: 1 | -1): Promise<boolean> {
  const { organizationId, walletId, unit, amount, why, reference, actor, expiresAt } = movement;
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    throw new Error(`Move "${amount}" of "${unit}": not a whole number above zero`);
  }
  const until = expiresAt?.toISOString() ?? 'infinity';
  const [row] = await tx.execute<{ moved: boolean }>(sql`
    select move_units(${organizationId}, ${walletId}, ${unit}, ${sign * amount}, ${why}, ${reference}, now(),
      ${until}::timestamptz, ${actor ?? null}) as moved`);
  return row?.moved ?? false;
}
