import type { Transaction } from '../../../db/client.ts';
import { type LedgerAccount, ledgerEntries, ledgerTransactions } from '../../../db/schema/commerce/ledger.ts';

export interface Booking {
  organizationId: string;
  kind: 'invoice' | 'payment' | 'void';
  /** The id of the invoice or payment; each is booked once for a kind. */
  reference: string;
  at: Date;
  /** Kopecks that `to` grows by and `from` shrinks by. */
  amount: number;
  to: LedgerAccount;
  from: LedgerAccount;
}

/** Adds one transaction of two entries that sum to zero; false when it was booked before. */
export async function book(tx: Transaction, booking: Booking): Promise<boolean> {
  const { organizationId, kind, reference, at, amount, to, from } = booking;
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`Book "${amount}": not whole kopecks above zero`);
  const [row] = await tx
    .insert(ledgerTransactions)
    .values({ organizationId, kind, reference, at })
    .onConflictDoNothing({ target: [ledgerTransactions.kind, ledgerTransactions.reference] })
    .returning({ id: ledgerTransactions.id });
  if (!row) return false;
  const entry = { transactionId: row.id, organizationId };
  await tx.insert(ledgerEntries).values([
    { ...entry, position: 0, account: to, amount },
    { ...entry, position: 1, account: from, amount: -amount },
  ]);
  return true;
}
