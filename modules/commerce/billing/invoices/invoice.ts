import { and, asc, eq, lt, ne, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import {
  type InvoiceLine,
  type InvoicePurpose,
  invoiceNumbers,
  invoices,
} from '../../../../db/schema/commerce/invoices.ts';
import type { LedgerAccount } from '../../../../db/schema/commerce/ledger.ts';
import { payments } from '../../../../db/schema/commerce/payments.ts';
import type { Buyer } from '../../../../db/schema/commerce/subscriptions.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { tooManyOpenInvoices } from '../../problems.ts';
import { tellPeople } from '../../tell-people.ts';
import { type Actor, type BillingDeps, platformActor, recordIfThere } from '../billing-deps.ts';
import { bookkeepingDate, daysAfter } from '../calendar.ts';
import { MOST_KOPECKS } from '../kopecks.ts';
import { book } from '../ledger.ts';

export type Invoice = typeof invoices.$inferSelect;

/** So many invoices of an organization may wait for their money when another one is asked for. */
const MOST_OPEN = 10;
/** Days after which an invoice that is still unpaid is withdrawn, from when it was due. */
export const STALE_DAYS = 30;

export interface NewInvoice {
  organizationId: string;
  /** What it is issued for; while one for the same thing is not void, there is no other. */
  about: string;
  purpose: InvoicePurpose;
  buyer: Buyer;
  lines: InvoiceLine[];
  dueAt: Date;
}

/** The account that earns what an invoice is for. */
const revenueOf = ({ kind }: InvoicePurpose): LedgerAccount =>
  kind === 'top-up' || kind === 'order' ? 'top-ups' : 'subscriptions';

/**
 * Issues an invoice, or returns the one that was issued for the same thing before. Anyone who calls holds the organization's
 * billing. It can be paid by a transfer at once, as its document says, so the payment to be expected is written down with it.
 */
export async function issueInvoice(
  tx: Transaction,
  deps: BillingDeps,
  invoice: NewInvoice,
  at: Date,
  actor: Actor = platformActor,
): Promise<Invoice> {
  const { organizationId, about, lines, ...rest } = invoice;
  const earlier = await tx
    .select()
    .from(invoices)
    .where(
      and(eq(invoices.organizationId, organizationId), sql`starts_with(${invoices.reference}, ${`${about}#`}::text)`),
    );
  const standing = earlier.find(({ state }) => state !== 'void');
  if (standing) return standing;
  if (rest.purpose.kind === 'top-up') await requireFewOpen(tx, organizationId);

  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  if (total > MOST_KOPECKS) throw new Error(`Issue invoice over "${total}" kopecks: more than any may come to`);
  const [issued] = await tx
    .insert(invoices)
    .values({
      ...{ ...rest, organizationId, lines, total, issuedAt: at },
      reference: `${about}#${earlier.length + 1}`,
      number: await nextNumber(tx, at),
    })
    .returning();
  if (!issued) throw new Error(`Issue invoice "${about}": no row came back`);
  const { id, number } = issued;
  // Users of a bot pay online alone, and the owner reads of none of their many orders.
  const isOrder = issued.purpose.kind === 'order';
  if (!isOrder) await tx.insert(payments).values({ organizationId, invoiceId: id, provider: 'bank', amount: total });
  const revenue = revenueOf(issued.purpose);
  await book(tx, {
    organizationId,
    kind: 'invoice',
    reference: id,
    at,
    amount: total,
    to: 'receivable',
    from: revenue,
  });
  await recordIfThere(tx, { organizationId, ...actor, action: 'issue-invoice', target: number, details: { total } });
  if (isOrder) return issued;
  const parameters = { number, total, dueAt: issued.dueAt.toISOString() };
  await tellPeople(tx, deps.notifications, ['owner'], { organizationId, kind: 'invoice', reference: id, parameters });
  return issued;
}

/** Anything else that is asked for replaces an invoice that is open. @throws Problem too-many-open-invoices */
async function requireFewOpen(tx: Transaction, organizationId: string): Promise<void> {
  const open = (await openInvoices(tx, organizationId)).filter(({ purpose }) => purpose.kind !== 'order');
  if (open.length < MOST_OPEN) return;
  throw new Problem(tooManyOpenInvoices, { parameters: { limit: MOST_OPEN } });
}

/** Without gaps within a year: the row stays locked until the transaction that uses the number ends, with it or without. */
async function nextNumber(tx: Transaction, at: Date): Promise<string> {
  const { year } = bookkeepingDate(at);
  const [row] = await tx
    .insert(invoiceNumbers)
    .values({ year, last: 1 })
    .onConflictDoUpdate({ target: invoiceNumbers.year, set: { last: sql`${invoiceNumbers.last} + 1` } })
    .returning();
  return `${year}-${String(row?.last).padStart(6, '0')}`;
}

/** Withdraws an open invoice: what it claimed is booked back, and a transfer for it is no longer expected. */
export async function voidInvoice(
  tx: Transaction,
  { id, organizationId, number, total, purpose }: Invoice,
  at: Date,
  actor: Actor = platformActor,
): Promise<void> {
  await closeInvoice(tx, id, 'void', at);
  const revenue = revenueOf(purpose);
  await book(tx, { organizationId, kind: 'void', reference: id, at, amount: total, to: revenue, from: 'receivable' });
  await recordIfThere(tx, { organizationId, ...actor, action: 'void-invoice', target: number, details: { total } });
}

/** Transfers that were expected for it are not any more. What another provider has begun only that provider can end. */
export async function closeInvoice(tx: Transaction, id: string, state: 'paid' | 'void', at: Date): Promise<void> {
  await tx
    .update(invoices)
    .set({ state, closedAt: at })
    .where(and(eq(invoices.id, id), eq(invoices.state, 'open')));
  await tx
    .update(payments)
    .set({ state: 'cancelled', closedAt: at })
    .where(and(eq(payments.invoiceId, id), eq(payments.provider, 'bank'), eq(payments.state, 'pending')));
}

export const openInvoices = (tx: Transaction, organizationId: string): Promise<Invoice[]> =>
  tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.state, 'open')))
    .orderBy(asc(invoices.issuedAt), asc(invoices.id));

/** The invoice for a period that begins at a time, unless it is void. */
export async function periodInvoice(
  tx: Transaction,
  organizationId: string,
  start: Date,
): Promise<Invoice | undefined> {
  const [row] = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        ne(invoices.state, 'void'),
        sql`${invoices.purpose} ->> 'periodStart' = ${start.toISOString()}`,
      ),
    );
  return row;
}

export async function voidStaleInvoices(tx: Transaction, organizationId: string, at: Date): Promise<void> {
  const stale = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.state, 'open'),
        lt(invoices.dueAt, daysAfter(at, -STALE_DAYS)),
      ),
    );
  for (const invoice of stale) await voidInvoice(tx, invoice, at);
}
