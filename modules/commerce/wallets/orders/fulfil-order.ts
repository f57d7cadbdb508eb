import type { Transaction } from '../../../../db/client.ts';
import type { InvoicePurpose } from '../../../../db/schema/commerce/invoices.ts';
import type { Queue } from '../../../../platform/capabilities/queue/index.ts';
import { creditUnits } from '../move-units.ts';
import { markPaid } from './create-order.ts';
import { paidOrderJob } from './paid-order-job.ts';

/** Credits what was paid for in roubles, once for each payment, and has its person told. */
export async function fulfilOrder(
  tx: Transaction,
  queue: Queue | undefined,
  organizationId: string,
  { orderId, walletId, unit, amount }: Extract<InvoicePurpose, { kind: 'order' }>,
  payment: string,
  at: Date,
): Promise<void> {
  await creditUnits(tx, { organizationId, walletId, unit, amount, why: 'payment', reference: `invoice ${payment}` });
  await markPaid(tx, { id: orderId }, at);
  await queue?.send(tx, paidOrderJob, { kind: 'paid-order', organizationId, orderId });
}
