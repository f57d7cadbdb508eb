import type { Transaction } from '../../../../db/client.ts';
import type { InvoicePurpose } from '../../../../db/schema/commerce/invoices.ts';
import { creditUnits } from '../move-units.ts';
import { markPaid } from './create-order.ts';

/** Credits what was paid for in roubles, once for each payment. */
export async function fulfilOrder(
  tx: Transaction,
  organizationId: string,
  { orderId, walletId, unit, amount }: Extract<InvoicePurpose, { kind: 'order' }>,
  payment: string,
  at: Date,
): Promise<void> {
  await creditUnits(tx, { organizationId, walletId, unit, amount, why: 'payment', reference: `invoice ${payment}` });
  await markPaid(tx, { id: orderId }, at);
}
