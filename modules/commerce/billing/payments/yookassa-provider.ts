import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  checkOutbound,
  createOutboundFetch,
  type OutboundOptions,
} from '../../../../platform/capabilities/outbound/index.ts';
import { type PaymentProvider, PaymentProviderFailure, PaymentUnreadable, type ProviderPayment } from '../contract.ts';
import { kopecksOf, roublesOf, roublesPattern } from '../kopecks.ts';

export interface YookassaOptions extends Pick<OutboundOptions, 'internalHosts' | 'resolve'> {
  shopId: string;
  secretKey: string;
  /** Without the version, such as `https://api.yookassa.ru`. */
  baseUrl: string;
  /** Where the payer comes back to. */
  returnUrl: string;
  allowedHosts: readonly string[];
  /** For one attempt. */
  timeoutMs?: number;
  /** Before the second attempt; twice as long before the third. */
  retryMs?: number;
}

const ATTEMPTS = 3;

/** Of a payment object of API v3, what we look at: https://yookassa.ru/developers/api#payment_object */
const paymentObject = z.object({
  id: z.string().min(1).max(100),
  status: z.enum(['pending', 'waiting_for_capture', 'succeeded', 'canceled']),
  amount: z.object({ value: z.string().regex(roublesPattern).transform(kopecksOf), currency: z.string() }),
  metadata: z
    .object({ paymentId: z.string(), invoiceId: z.string(), organizationId: z.string() })
    .partial()
    .default({}),
  confirmation: z
    .object({ confirmation_url: z.url({ protocol: /^https?$/ }) })
    .partial()
    .optional(),
});

const states = {
  pending: 'pending',
  waiting_for_capture: 'pending',
  succeeded: 'succeeded',
  canceled: 'cancelled',
} as const;

/** Ids of payments there: they become part of an address, so nothing else may. */
export const yookassaId = z.string().regex(/^[\da-f-]{20,50}$/i);

/** Card payments and others over YooKassa's API v3. @throws Error when the platform may not call its host */
export function createYookassaProvider(options: YookassaOptions): PaymentProvider {
  const { shopId, secretKey, returnUrl, allowedHosts, timeoutMs = 8_000, retryMs = 300 } = options;
  const base = `${options.baseUrl.replace(/\/$/, '')}/v3/payments`;
  checkOutbound(base, allowedHosts);
  const outbound = createOutboundFetch(allowedHosts, options);
  const authorization = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`;

  /** Undefined for 404. A request may be sent again: one that creates carries the same idempotence key each time. */
  async function call(url: string, init: RequestInit = {}): Promise<ProviderPayment | undefined> {
    let failure: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await sleep(retryMs * 2 ** (attempt - 2));
      try {
        const signal = AbortSignal.timeout(timeoutMs);
        const response = await outbound(url, { ...init, signal, headers: { ...init.headers, authorization } });
        if (response.status === 200) return read(await response.json());
        await response.body?.cancel();
        if (response.status === 404) return undefined;
        failure = new Error(`status ${response.status}`);
        // 202: the first request with this key is still being worked on.
        if (response.status !== 202 && response.status !== 429 && response.status < 500) break;
      } catch (error) {
        if (error instanceof z.ZodError) throw unreadable(error);
        failure = error;
      }
    }
    throw failed('no answer that counts', failure);
  }

  return {
    name: 'yookassa',
    async create({ id, organizationId, invoiceId, amount, currency, description }) {
      const made = await call(base, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotence-key': id },
        body: JSON.stringify({
          amount: { value: roublesOf(amount), currency },
          capture: true,
          confirmation: { type: 'redirect', return_url: returnUrl },
          description,
          metadata: { paymentId: id, invoiceId, organizationId },
        }),
      });
      if (!made) throw failed('it has no such address', undefined);
      return made;
    },
    async fetch({ providerPaymentId }) {
      return yookassaId.safeParse(providerPaymentId).success ? call(`${base}/${providerPaymentId}`) : undefined;
    },
  };
}

const failed = (what: string, cause: unknown) => new PaymentProviderFailure('yookassa', what, { cause });

const unreadable = (error: z.ZodError) => {
  const fields = error.issues.map(({ path }) => `"${path.join('.')}"`);
  return new PaymentUnreadable('yookassa', `its answer is not a payment, see ${fields.join(', ')}`, { cause: error });
};

function read(body: unknown): ProviderPayment {
  const { id, status, amount, metadata, confirmation } = paymentObject.parse(body);
  return {
    ...{ id, state: states[status], currency: amount.currency, metadata },
    amount: amount.value,
    confirmationUrl: confirmation?.confirmation_url ?? null,
  };
}
