import { describe, expect, it } from 'vitest';
import type { PaymentProvider, PaymentRequest } from '../contract.ts';

export const paymentRequest = (amount = 500_000): PaymentRequest => ({
  id: crypto.randomUUID(),
  organizationId: crypto.randomUUID(),
  invoiceId: crypto.randomUUID(),
  amount,
  currency: 'RUB',
  description: 'Invoice 2026-000001',
});

/** What every way to be paid holds to. */
export function describePaymentProvider(name: PaymentProvider['name'], start: () => PaymentProvider): void {
  describe(`payment provider ${name}`, () => {
    it('is called what it is', () => {
      expect(start().name).toBe(name);
    });

    it('asks for exactly the amount, and gives back what it was told', async () => {
      for (const amount of [100, 101, 123_456_789, 100_000_000_000]) {
        const request = paymentRequest(amount);
        expect(await start().create(request)).toMatchObject({
          ...{ id: expect.any(String), state: 'pending', amount, currency: 'RUB' },
          metadata: { paymentId: request.id, invoiceId: request.invoiceId, organizationId: request.organizationId },
        });
      }
    });

    it('makes one payment of a request, however often it is sent', async () => {
      const [provider, request] = [start(), paymentRequest()];
      const made = await Promise.all([1, 2, 3].map(() => provider.create(request)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect((await provider.create(paymentRequest())).id).not.toBe(made[0]?.id);
    });

    it('shows a payment that was made, and knows no other', async () => {
      const [provider, request] = [start(), paymentRequest()];
      const { id } = await provider.create(request);
      const { amount, currency } = request;
      expect(await provider.fetch({ ...request, providerPaymentId: id })).toMatchObject({
        ...{ id, state: 'pending', amount, currency },
        metadata: { paymentId: request.id },
      });
      for (const providerPaymentId of [crypto.randomUUID(), '', '../payments', '?limit=1']) {
        expect(await provider.fetch({ ...request, providerPaymentId })).toBeUndefined();
      }
    });
  });
}
