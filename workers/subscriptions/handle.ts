import { z } from 'zod';
import {
  countMismatches,
  findDue,
  holdBilling,
  type Payment,
  PaymentMismatch,
  PaymentUnanswered,
  syncPayment,
  tendSubscription,
} from '../../modules/commerce/billing/index.ts';
import { paymentProviders } from '../../modules/commerce/billing/payments/provide-payment-providers.ts';
import type { Boot, Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

/** As of the last look. */
function mismatchCount(boot: Boot): { set(count: number): void } {
  let mismatched = 0;
  boot.metrics.gauge('payments_mismatched', 'Payments that contradict what their provider says', () => mismatched);
  return {
    set(count) {
      mismatched = count;
    },
  };
}

export const provide = { database, notifications, queue, providers: paymentProviders, mismatchCount };

/**
 * Neither a payment that an operator has to look at, which is not found due again at once, nor a provider that is unavailable, which
 * the next run asks again, fails the job.
 */
async function tendPayment(
  { log }: Delivery,
  deps: Provided<typeof provide>,
  payment: Payment,
  at: Date,
): Promise<void> {
  const about = { payment: payment.id, provider: payment.provider };
  try {
    if ((await syncPayment(deps, payment, at)) !== 'unknown') return;
    log.error(about, 'Payment is not known to its provider: given up');
  } catch (error) {
    if (error instanceof PaymentUnanswered) {
      return log.warn(
        { ...about, error },
        'Payment provider does not answer: the payment stays pending until the next run',
      );
    }
    if (!(error instanceof PaymentMismatch)) throw error;
    log.error({ ...about, error }, 'Payment contradicts what its provider says: left to an operator');
  }
}

/** The schedule sends a job without a payload. */
const job = z.nullish(z.strictObject({}));

/**
 * Looks after subscriptions whose period nears its end, and asks about payments whose end no one told. What fails for one
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
  deps.mismatchCount.set(await deps.database.transaction(countMismatches));
  delivery.log.info({ payments: due.payments.length, organizations: due.organizations.length }, 'Tended billing');
  if (failures.length > 0)
    throw new AggregateError(failures, `Tend billing: ${failures.length} of ${tasks.length} failed`);
}
