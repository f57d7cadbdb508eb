export { holdBilling } from './billing-deps.ts';
export { readSubscription, tendSubscription } from './change-subscription.ts';
export { checkBooks } from './check-books.ts';
export {
  PaymentMismatch,
  type PaymentProviders,
  PaymentUnanswered,
  paymentProviders,
} from './contract.ts';
export { countMismatches, findDue } from './find-due.ts';
export { type Invoice, openInvoices } from './invoices/invoice.ts';
export type { InvoiceRenderer } from './invoices/render-invoice.ts';
export { MOST_KOPECKS, roublesOf } from './kopecks.ts';
export { createBankProvider } from './payments/bank-provider.ts';
export { payOrder } from './payments/pay-order.ts';
export type { Payment } from './payments/settle-payment.ts';
export {
  configuredProvider,
  confirmTransfer,
  type PaymentDeps,
  receiveNotice,
  startPayment,
  syncPayment,
} from './payments/take-payment.ts';
export { createYookassaProvider, yookassaId } from './payments/yookassa-provider.ts';
export { type Plan, readPlans } from './plans.ts';
export { type ChangeRequest, requestChange, requestTopUp } from './request-change.ts';
export type { Subscription } from './subscription.ts';
export { topUpPacks, unitPacks } from './top-up-packs.ts';
