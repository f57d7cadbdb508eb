import { PublicFailure } from '../../../platform/kernel/problem.ts';
import { paymentFailed } from '../problems.ts';
/** Names of the ways to pay; each is an account of the ledger as well. */
export const paymentProviders = ['bank', 'yookassa'] as const;
export type PaymentProviderName = (typeof paymentProviders)[number];

/** What is asked of a payer: a row of `payments` that is still pending. */
export interface PaymentRequest {
  /** Our id of the payment, also the idempotence key: however often it is asked for, it exists once at the provider. */
  id: string;
  organizationId: string;
  invoiceId: string;
  /** Kopecks. */
  amount: number;
  currency: string;
  /** What the payer reads. */
  description: string;
}

/** What a provider says of a payment. */
export interface ProviderPayment {
  /** The provider's own id. */
  id: string;
  state: 'pending' | 'succeeded' | 'cancelled';
  /** Kopecks; of a payment that was made, what was really paid. */
  amount: number;
  currency: string;
  /** What we told it about the payment, as it gave it back. */
  metadata: { paymentId?: string | undefined; invoiceId?: string | undefined; organizationId?: string | undefined };
  /** Where the payer continues; null when there is nothing to be done there. */
  confirmationUrl: string | null;
}

/** A way to be paid. Both calls may be repeated, and neither changes anything of ours. */
export interface PaymentProvider {
  readonly name: PaymentProviderName;
  /** Asks for a payment. @throws PaymentProviderFailure */
  create(request: PaymentRequest): Promise<ProviderPayment>;
  /** What has become of it; undefined when the provider knows none with this id. @throws PaymentProviderFailure */
  fetch(request: PaymentRequest & { providerPaymentId: string }): Promise<ProviderPayment | undefined>;
  /** All that were asked for since then, where the provider keeps a list. @throws PaymentProviderFailure */
  list?(since: Date): AsyncIterable<ProviderPayment>;
}

/** The providers that are configured. */
export type PaymentProviders = Partial<Record<PaymentProviderName, PaymentProvider>>;

/** The provider gave no answer that counts, although it was asked more than once. */
export class PaymentProviderFailure extends PublicFailure {
  readonly problem = paymentFailed;
  constructor(provider: PaymentProviderName, what: string, options?: ErrorOptions) {
    super(`Ask payment provider "${provider}": ${what}`, options);
    this.name = 'PaymentProviderFailure';
  }
}

/** It is unreachable, overloaded, or something else answered in its place: nothing is known yet, and asking again later may help. */
export class PaymentUnanswered extends PaymentProviderFailure {}

/** The provider's answer about a payment is not a payment: asking again at once gives the same. */
export class PaymentUnreadable extends PaymentProviderFailure {
  /** For an operator; quotes nothing of the answer. */
  readonly reason: string;
  constructor(provider: PaymentProviderName, reason: string, options?: ErrorOptions) {
    super(provider, reason, options);
    this.reason = reason;
  }
}

/** The provider's answer contradicts the payment that it was asked about: nothing is booked, and an operator has to look. */
export class PaymentMismatch extends PaymentProviderFailure {}
