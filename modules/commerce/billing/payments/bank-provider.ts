import type { PaymentProvider, PaymentRequest, ProviderPayment } from '../contract.ts';

/**
 * Transfers to the account on the invoice. A bank tells us nothing by itself: a payment is pending until an administrator
 * confirms what stands on the statement.
 */
export function createBankProvider(): PaymentProvider {
  const expected = ({ id, organizationId, invoiceId, amount, currency }: PaymentRequest): ProviderPayment => ({
    ...{ id, state: 'pending', amount, currency, confirmationUrl: null },
    metadata: { paymentId: id, organizationId, invoiceId },
  });
  return {
    name: 'bank',
    create: async (request) => expected(request),
    fetch: async (request) => (request.providerPaymentId === request.id ? expected(request) : undefined),
  };
}
