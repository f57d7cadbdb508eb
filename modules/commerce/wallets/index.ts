/* What users of bots have, buy and get back. The bots use all of it. */

/** @public */
export { type GrantRequest, grantUnits } from './grant-units.ts';
/** @public */
export { openWallet, requireTimeZone, type WalletSettings } from './open-wallet.ts';
/** @public */
export { createOrder, findOrderById, type Order } from './orders/create-order.ts';
/** @public */
export { type Offer, offers, packWords } from './orders/offers.ts';
/** @public */
export { orderPath } from './orders/order-path.ts';
/** @public */
export { paidOrderJob } from './orders/paid-order-job.ts';
/** @public */
export type { OrderLink } from './orders/provide-order-link.ts';
/** @public */
export { readWallet, type WalletUnit } from './read-wallet.ts';
/** @public */
export { acceptCheckout, type Checkout } from './stars/accept-checkout.ts';
/** @public */
export { type Credited, creditPayment, type ReceivedPayment } from './stars/credit-payment.ts';
/** @public */
export { forgetPayers } from './stars/forget-payers.ts';
/** @public */
export { type Reconciled, reconcileStars } from './stars/reconcile-stars.ts';
/** @public */
export { pendingRefunds, type Refunded, refundPayment, takeRefund } from './stars/refund.ts';
/** @public */
export { endRenewals, noteSubscription, subscriptionLink, subscriptionsOf } from './stars/subscription.ts';
