import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  checkOutbound,
  createOutboundFetch,
  type OutboundOptions,
} from '../../../../platform/capabilities/outbound/index.ts';
import {
  type PaymentProvider,
  PaymentProviderFailure,
  PaymentUnanswered,
  PaymentUnreadable,
  type ProviderPayment,
} from '../contract.ts';
import { kopecksOf, roublesOf, roublesPattern } from '../kopecks.ts';

export interface YookassaOptions extends Pick<OutboundOptions, 'internalHosts' | 'resolve' | 'places'> {
  shopId: string;
  secretKey: string;
  /** Without the version, such as `https://api.yookassa.ru`. */
  baseUrl: string;
  /** Origin of the app: the payer comes back to its invoices, which show what became of the payment. */
  origin: string;
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

/** A 404 of a gateway in front of the provider, or of a wrong address, says nothing of a payment. */
const notFound = z.object({ type: z.literal('error'), code: z.literal('not_found') });

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
  const { shopId, secretKey, origin, allowedHosts, timeoutMs = 8_000, retryMs = 300 } = options;
  const base = `${options.baseUrl.replace(/\/$/, '')}/v3/payments`;
  checkOutbound(base, allowedHosts);
  const outbound = createOutboundFetch(allowedHosts, options);
  const authorization = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`;

  /** Undefined when there is no such payment. A request may be sent again: one that creates carries the same idempotence key each time. */
  async function call<T>(url: string, read: (body: unknown) => T, init: RequestInit = {}): Promise<T | undefined> {
    let failure: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await sleep(retryMs * 2 ** (attempt - 2));
      try {
        const signal = AbortSignal.timeout(timeoutMs);
        const response = await outbound(url, { ...init, signal, headers: { ...init.headers, authorization } });
        const { status } = response;
        if (status === 200) return read(await response.json());
        if (status === 404 && notFound.safeParse(await response.json()).success) return undefined;
        if (status !== 404) await response.body?.cancel();
        failure = new Error(`status ${status}`);
        // 202: the first request with this key is still being worked on.
        if (![202, 404, 429].includes(status) && status < 500) throw failed('no answer that counts', failure);
      } catch (error) {
        if (error instanceof PaymentProviderFailure) throw error;
        failure = error;
      }
    }
    throw new PaymentUnanswered('yookassa', 'no answer that counts', { cause: failure });
  }

  return {
    name: 'yookassa',
    async create({ id, organizationId, invoiceId, amount, currency, description }) {
      const made = await call(base, read, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotence-key': id },
        body: JSON.stringify({
          amount: { value: roublesOf(amount), currency },
          capture: true,
          confirmation: { type: 'redirect', return_url: `${origin}/invoices` },
          description,
          metadata: { paymentId: id, invoiceId, organizationId },
        }),
      });
      if (!made) throw failed('it has no such address', undefined);
      return made;
    },
    async fetch({ providerPaymentId }) {
      return yookassaId.safeParse(providerPaymentId).success ? call(`${base}/${providerPaymentId}`, read) : undefined;
    },
    async *list(since) {
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const query = new URLSearchParams({ 'created_at.gte': since.toISOString(), limit: '100' });
        if (cursor !== '') query.set('cursor', cursor);
        const page: Page | undefined = await call(`${base}?${query}`, readPage);
        if (!page) throw failed('it has no such list', undefined);
        yield* page.payments;
        cursor = page.next;
      }
    },
  };
}

const failed = (what: string, cause: unknown) => new PaymentProviderFailure('yookassa', what, { cause });

interface Page {
  payments: ProviderPayment[];
  next: string | undefined;
}

/** Of a list, see https://yookassa.ru/developers/using-api/lists; what other programs of the shop have sold is in it as well. */
const listObject = z.object({ items: z.array(z.unknown()), next_cursor: z.string().min(1).optional() });

/** @throws PaymentUnreadable */
function readPage(body: unknown): Page {
  const { data, error } = listObject.safeParse(body);
  if (error) throw new PaymentUnreadable('yookassa', 'its answer is not a list of payments', { cause: error });
  return { payments: data.items.map(read), next: data.next_cursor };
}

/** @throws PaymentUnreadable */
function read(body: unknown): ProviderPayment {
  const { data, error } = paymentObject.safeParse(body);
  if (error) {
    const fields = error.issues.map(({ path }) => `"${path.join('.')}"`);
    throw new PaymentUnreadable('yookassa', `its answer is not a payment, see ${fields.join(', ')}`, { cause: error });
  }
  const { id, status, amount, metadata, confirmation } = data;
  return {
    ...{ id, state: states[status], currency: amount.currency, metadata },
    amount: amount.value,
    confirmationUrl: confirmation?.confirmation_url ?? null,
  };
}
