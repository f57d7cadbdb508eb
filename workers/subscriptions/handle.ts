import { z } from 'zod';
import {
  findDue,
  holdBilling,
  type Payment,
  syncPayment,
  tendSubscription,
} from '../../modules/commerce/billing/index.ts';
import { paymentProviders } from '../../modules/commerce/billing/payments/provide-payment-providers.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

export const provide = { database, notifications, providers: paymentProviders };

/** A payment that its provider does not know is reported once: it is not found due again. */
async function tendPayment(
  { log }: Delivery,
  deps: Provided<typeof provide>,
  payment: Payment,
  at: Date,
): Promise<void> {
  if ((await syncPayment(deps, payment, at)) !== 'unknown') return;
  log.error({ payment: payment.id, provider: payment.provider }, 'Payment is not known to its provider: given up');
}

/** The schedule sends a job without a payload. */
const job = z.nullish(z.strictObject({}));

/**
 * Looks after subscriptions whose period nears its end, and asks about payments whose end nobody told. What fails for one
 * organization does not keep the others waiting, but fails the job.
 */
export async function handle(delivery: Delivery, deps: Provided<typeof provide>): Promise<void> {
  job.parse(delivery.payload);
  const at = new Date();
  const due = await deps.database.transaction((tx) => findDue(tx, at));
  const tasks = [
    ...due.payments.map((payment) => ({ payment: payment.id, run: () => tendPayment(delivery, deps, payment, at) })),
    ...due.organizations.map((organization) => ({
      organization,
      run: () =>
        deps.database.tenant(organization, async (tx) => {
          await holdBilling(tx, organization);
          await tendSubscription(tx, deps, organization, at);
        }),
    })),
  ];
  const failures: unknown[] = [];
  for (const { run, ...about } of tasks) {
    if (delivery.signal.aborted) break;
    await run().catch((error: unknown) => {
      delivery.log.error({ error, ...about }, 'Tend billing: left for the next time');
      failures.push(error);
    });
  }
  delivery.log.info({ payments: due.payments.length, organizations: due.organizations.length }, 'Tended billing');
  if (failures.length > 0)
    throw new AggregateError(failures, `Tend billing: ${failures.length} of ${tasks.length} failed`);
}
