export { createBankProvider } from './bank-provider.ts';
export { holdBilling } from './billing-deps.ts';
export { readSubscription, tendSubscription } from './change-subscription.ts';
export { checkBooks, type Discrepancy } from './check-books.ts';
export {
  type PaymentProviders,
  paymentProviders,
} from './contract.ts';
export { findDue } from './find-due.ts';
export { type Invoice, openInvoices } from './invoice.ts';
export { MOST_KOPECKS, roublesOf } from './kopecks.ts';
export { type Plan, readPlans } from './plans.ts';
export type { InvoiceRenderer } from './render-invoice.ts';
export { type ChangeRequest, requestChange, requestTopUp } from './request-change.ts';
export type { Payment } from './settle-payment.ts';
export type { Subscription } from './subscription.ts';
export {
  configuredProvider,
  confirmTransfer,
  type PaymentDeps,
  receiveNotice,
  startPayment,
  syncPayment,
} from './take-payment.ts';
export { topUpPacks } from './top-up-packs.ts';
export { createYookassaProvider, yookassaId } from './yookassa-provider.ts';
