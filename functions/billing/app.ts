import { invoiceRenderer } from '../../modules/commerce/billing/invoices/provide-invoice-renderer.ts';
import { paymentProviders } from '../../modules/commerce/billing/payments/provide-payment-providers.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter, createRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { buyQuestions } from './routes/buy-questions.ts';
import { changeSubscription } from './routes/change-subscription.ts';
import { downloadInvoice } from './routes/download-invoice.ts';
import { getInvoice } from './routes/get-invoice.ts';
import { getSubscription } from './routes/get-subscription.ts';
import { listInvoices } from './routes/list-invoices.ts';
import { listPlans } from './routes/list-plans.ts';
import { payInvoice } from './routes/pay-invoice.ts';
import { payOrder } from './routes/pay-order.ts';
import { receiveWebhook } from './routes/receive-webhook.ts';

export const provide = {
  tokens,
  database,
  idempotency,
  notifications,
  queue,
  providers: paymentProviders,
  renderInvoice: invoiceRenderer,
};

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  listPlans(router, deps);
  receiveWebhook(router, deps);
  payOrder(router, deps);
  const members = createProtectedRouter(deps.tokens);
  getSubscription(members, deps);
  changeSubscription(members, deps);
  buyQuestions(members, deps);
  listInvoices(members, deps);
  getInvoice(members, deps);
  downloadInvoice(members, deps);
  payInvoice(members, deps);
  router.route('/', members);
  return router;
}
