import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Lookup } from '../../../../platform/capabilities/outbound/lookup-publicly.ts';
import { startYookassaServer } from '../../../testing/yookassa-server.ts';
import { PaymentProviderFailure } from '../contract.ts';
import { describePaymentProvider, paymentRequest } from './conformance.ts';
import { createYookassaProvider, type YookassaOptions } from './yookassa-provider.ts';

const server = await startYookassaServer();
afterAll(() => server.close());

const provider = (changes: Partial<YookassaOptions> = {}) =>
  createYookassaProvider({
    ...{ ...server.credentials, baseUrl: server.baseUrl, origin: 'https://pandect.example' },
    ...{ allowedHosts: [new URL(server.baseUrl).host], timeoutMs: 5_000, retryMs: 1, ...changes },
  });

/** How often the server was asked while something was done. */
async function countRequests(work: () => Promise<unknown>): Promise<number> {
  const before = server.requests.length;
  await work();
  return server.requests.length - before;
}
const failure = (work: Promise<unknown>) => expect(work).rejects.toBeInstanceOf(PaymentProviderFailure);

describePaymentProvider('yookassa', provider);

describe('YooKassa', () => {
  it('is sent what its API asks for', async () => {
    const request = paymentRequest(500_000);
    const made = await provider().create(request);
    expect(made.confirmationUrl).toMatch(/^https:/);
    const { headers, body } = server.requests.at(-1) ?? {};
    expect(headers).toMatchObject({ 'idempotence-key': request.id, authorization: 'Basic MTAwNTAwOnRlc3Rfc2VjcmV0' });
    expect(body).toEqual({
      ...{ amount: { value: '5000.00', currency: 'RUB' }, capture: true, description: request.description },
      confirmation: { type: 'redirect', return_url: 'https://pandect.example/invoices' },
      metadata: { paymentId: request.id, invoiceId: request.invoiceId, organizationId: request.organizationId },
    });
  });

  it.each([
    ['succeeded', 'succeeded'],
    ['canceled', 'cancelled'],
    ['waiting_for_capture', 'pending'],
  ] as const)('calls a payment %s that is %s with us', async (status, state) => {
    const request = paymentRequest();
    const { id } = await provider().create(request);
    server.change(id, { status, amount: { value: '4999.99', currency: 'USD' } });
    expect(await provider().fetch({ ...request, providerPaymentId: id })).toMatchObject({
      ...{ state, amount: 499_999, currency: 'USD' },
    });
  });

  it('is asked again after errors, cuts and busy answers, and makes one payment', async () => {
    const [request, before] = [paymentRequest(), server.payments.length];
    server.disturb({ status: 500 }, 'cut');
    expect(await countRequests(() => provider().create(request))).toBe(3);
    server.disturb({ status: 202 }, { status: 429 });
    expect(await countRequests(() => provider().create(request))).toBe(3);
    expect(server.payments.length).toBe(before + 1);
  });

  it('makes one payment although its first answer was lost', async () => {
    const before = server.payments.length;
    server.disturb('lost');
    expect((await provider().create(paymentRequest())).state).toBe('pending');
    expect(server.payments.length).toBe(before + 1);
  });

  it('is given up after three attempts', async () => {
    server.disturb({ status: 500 }, { status: 503 }, { status: 502 });
    expect(await countRequests(() => failure(provider().create(paymentRequest())))).toBe(3);
  });

  it('is not waited for without end', async () => {
    server.disturb('hang', 'hang', 'hang');
    await failure(provider({ timeoutMs: 50 }).create(paymentRequest()));
  });

  it.each([400, 401, 403, 302])('is not asked again after status %i', async (status) => {
    server.disturb({ status, headers: { location: `${server.baseUrl}/v3/payments` } });
    expect(await countRequests(() => failure(provider().create(paymentRequest())))).toBe(1);
  });

  it('is refused with wrong credentials', async () => {
    await failure(provider({ secretKey: 'other' }).create(paymentRequest()));
  });

  it.each([
    '{}',
    '{"id":"1","status":"paid","amount":{"value":"1.00","currency":"RUB"}}',
    '{"id":"1","status":"pending","amount":{"value":"-1.00","currency":"RUB"}}',
    '{"id":"1","status":"pending","amount":{"value":1,"currency":"RUB"}}',
    '{"id":"1","status":"pending","amount":{"value":"1.00","currency":"RUB"},"confirmation":{"confirmation_url":"javascript:1"}}',
    'not JSON',
  ])('is not believed when it says %s', async (body) => {
    server.disturb({ status: 200, body }, { status: 200, body }, { status: 200, body });
    await failure(provider().create(paymentRequest()));
  });

  it('is called by a name that leads to an internal address only where the operator says so', async () => {
    // Without what earlier tests left to meet.
    const shop = await startYookassaServer();
    onTestFinished(() => shop.close());
    const host = 'api.example.com';
    const resolve: Lookup = (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
    const named = { baseUrl: `http://${host}:${new URL(shop.baseUrl).port}`, allowedHosts: [host], resolve };
    const known = { ...paymentRequest(), providerPaymentId: '2d1f0c4e-000f-5000-8000-1a2b3c4d5e6f' };
    const refusal = { name: 'PaymentProviderFailure', cause: { cause: { code: 'INTERNAL_ADDRESS' } } };
    await expect(provider(named).create(paymentRequest())).rejects.toMatchObject(refusal);
    await expect(provider(named).fetch(known)).rejects.toMatchObject(refusal);
    expect(shop.requests).toEqual([]);
    const meant = provider({ ...named, internalHosts: [host] });
    expect((await meant.create(paymentRequest())).state).toBe('pending');
  });

  it('is only called where the operator allows it', () => {
    expect(() => provider({ allowedHosts: ['api.yookassa.ru'] })).toThrow('OUTBOUND_WHITELIST');
  });
});
