import { z } from 'zod';
import { type PaymentDeps, payOrder as startOrder } from '../../../modules/commerce/billing/index.ts';
import { paymentFailed } from '../../../modules/commerce/problems.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

/**
 * Leads a user of a bot to the page where an order is paid in roubles. The bot shows the address to that person alone, so it stands in no
 * description of the API; following it twice leads to the same payment.
 */
export function payOrder(router: Router, deps: PaymentDeps): void {
  router.get('/api/billing/orders/:organizationId/:id', async (c) => {
    const order = z.object({ organizationId: z.uuid(), id: z.uuid() }).safeParse(c.req.param());
    if (!order.success || !deps.providers.yookassa) throw new Problem(notFound);
    const { confirmationUrl } = await startOrder(deps, order.data, new Date());
    if (confirmationUrl === null) throw new Problem(paymentFailed);
    return c.redirect(confirmationUrl, 302);
  });
}
