import { and, eq, ne } from 'drizzle-orm';
import { createDatabase, type Transaction } from '../../../../db/client.ts';
import { invoices } from '../../../../db/schema/commerce/invoices.ts';
import { payments } from '../../../../db/schema/commerce/payments.ts';
import type { RestoredData, Verdict } from '../../../../platform/kernel/composition.ts';
import { readEnvironment } from '../../../../platform/kernel/environment.ts';
import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../../platform/kernel/variables.ts';
import { YOOKASSA_BASE_URL, YOOKASSA_SECRET_KEY, YOOKASSA_SHOP_ID } from '../../variables.ts';
import type { ProviderPayment } from '../contract.ts';
import { createYookassaProvider } from './yookassa-provider.ts';

const variables = [
  YOOKASSA_SHOP_ID,
  YOOKASSA_SECRET_KEY,
  YOOKASSA_BASE_URL,
  OUTBOUND_WHITELIST,
  OUTBOUND_INTERNAL_HOSTS,
] as const;

/** Clocks differ, and a payment is asked for before its row is stored. */
const OVERLAP_MS = 3_600_000;

/**
 * Finds what was paid after the moment that a restored database is as of: payments that the provider knows and the database does not
 * are expected again, and settled as any other once charges are released. Those without an invoice are told.
 */
export async function recognizePayments({ databaseUrl, at, settings }: RestoredData): Promise<Verdict> {
  const { YOOKASSA_SHOP_ID: shopId, YOOKASSA_SECRET_KEY: secretKey, ...rest } = readEnvironment(variables, settings);
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect restore' });
  try {
    if (shopId === undefined || secretKey === undefined) return await unasked(() => database.transaction(usedBefore));
    const provider = createYookassaProvider({
      ...{ shopId, secretKey, baseUrl: rest.YOOKASSA_BASE_URL, origin: '' },
      ...{ allowedHosts: rest.OUTBOUND_WHITELIST, internalHosts: rest.OUTBOUND_INTERNAL_HOSTS },
    });
    const found = { known: 0, recognized: 0, strange: [] as string[] };
    for await (const payment of provider.list?.(new Date(at.getTime() - OVERLAP_MS)) ?? []) {
      const outcome = await database.transaction((tx) => recognize(tx, payment));
      if (outcome === 'known') found.known++;
      else if (outcome === 'recognized') found.recognized++;
      else if (payment.state === 'succeeded') found.strange.push(payment.id);
    }
    return tell(found);
  } finally {
    await database.close();
  }
}

async function recognize(tx: Transaction, seen: ProviderPayment): Promise<'known' | 'recognized' | 'strange'> {
  const { paymentId = '', invoiceId = '', organizationId = '' } = seen.metadata;
  if (![paymentId, invoiceId, organizationId].every((id) => UUID.test(id))) return 'strange';
  const [row] = await tx.select().from(payments).where(eq(payments.id, paymentId));
  if (row) {
    if (row.providerPaymentId !== null || row.state !== 'pending') return 'known';
    await tx.update(payments).set({ providerPaymentId: seen.id }).where(eq(payments.id, paymentId));
    return 'recognized';
  }
  const [invoice] = await tx
    .select({ total: invoices.total })
    .from(invoices)
    .where(and(eq(invoices.id, invoiceId), eq(invoices.organizationId, organizationId)));
  if (!invoice) return 'strange';
  // What it was asked for; whether that was paid is compared when it is settled.
  const values = { id: paymentId, organizationId, invoiceId, amount: invoice.total, currency: seen.currency };
  const { confirmationUrl } = seen;
  await tx.insert(payments).values({ ...values, provider: 'yookassa', providerPaymentId: seen.id, confirmationUrl });
  return 'recognized';
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function tell({ known, recognized, strange }: { known: number; recognized: number; strange: string[] }): Verdict {
  const detail = `${recognized} that the database did not know, ${known} that it did; settled after pandect reconcile --release`;
  if (strange.length === 0) return { state: 'ok', detail };
  return {
    state: 'warn',
    detail: `${detail}; ${strange.length} were paid for invoices that are not there: ${strange.slice(0, 20).join(', ')}`,
    hint: 'issue these invoices again, or pay the money back at the provider',
  };
}

const usedBefore = (tx: Transaction): Promise<number> => tx.$count(payments, ne(payments.provider, 'bank'));

async function unasked(count: () => Promise<number>): Promise<Verdict> {
  if ((await count()) === 0) return { state: 'ok', detail: 'no provider was in use' };
  return {
    state: 'warn',
    detail:
      'YooKassa was not asked for payments after the backup, as YOOKASSA_SHOP_ID and YOOKASSA_SECRET_KEY are not set here',
    hint: 'set them, then pandect reconcile asks',
  };
}
