import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import type { InvoicePurpose } from '../../../db/schema/commerce/invoices.ts';
import type { Buyer } from '../../../db/schema/commerce/subscriptions.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound } from '../../../platform/kernel/problems.ts';
import { nextPeriodPaid } from '../problems.ts';
import { type Actor, type BillingDeps, holdBilling } from './billing-deps.ts';
import { daysAfter, monthAfter } from './calendar.ts';
import { changeSubscription, readRenewal, tendSubscription } from './change-subscription.ts';
import { type Invoice, issueInvoice, openInvoices, periodInvoice, voidInvoice } from './invoices/invoice.ts';
import { nextMonthLine, periodLine, topUpLine, upgradeLine } from './invoices/invoice-lines.ts';
import { prorate } from './kopecks.ts';
import { knownPlan, paidPlan } from './plans.ts';
import { conflict, isRunning, renewalTier, requireState, type Subscription } from './subscription.ts';
import type { TopUpPack } from './top-up-packs.ts';

/** Days to pay an invoice that somebody asked for. */
const DUE_DAYS = 5;
/** Kopecks; payment providers take no less. */
const LEAST_INVOICE = 100;

export type ChangeRequest = { buyer?: Buyer | undefined } & (
  | { action: 'trial' | 'subscribe' | 'upgrade' | 'downgrade'; tier: string }
  | { action: 'cancel' | 'resume' }
);

export interface Changed {
  subscription: Subscription | undefined;
  /** What is to be paid for the change, or for the period that follows. */
  invoice?: Invoice | undefined;
}

interface Context {
  tx: Transaction;
  deps: BillingDeps;
  organizationId: string;
  at: Date;
  actor: Actor;
}

/**
 * What an owner wants of the subscription. Asking for the same again gives the same invoice.
 * @throws Problem invalid-request, subscription-conflict, trial-used, next-period-paid
 */
export async function requestChange(context: Context, request: ChangeRequest): Promise<Changed> {
  const { tx, deps, organizationId, at, actor } = context;
  await holdBilling(tx, organizationId);
  const current = await tendSubscription(tx, deps, organizationId, at);
  if (request.action === 'subscribe') return subscribe(context, current, request.tier, request.buyer);
  if (request.action === 'upgrade') return upgrade(context, current, request.tier, request.buyer);
  if (request.action === 'downgrade') await requireCheaper(tx, current, request.tier);
  if (request.action === 'trial') await paidPlan(tx, request.tier);
  const event =
    request.action === 'trial' || request.action === 'downgrade'
      ? { kind: request.action, tier: request.tier }
      : { kind: request.action };
  await changeSubscription(tx, deps, organizationId, event, at, actor);
  const subscription = await tendSubscription(tx, deps, organizationId, at);
  const renewal = isRunning(subscription) && (await periodInvoice(tx, organizationId, subscription.periodEnd));
  return { subscription, ...(renewal && renewal.state === 'open' && { invoice: renewal }) };
}

async function subscribe(
  context: Context,
  current: Subscription | undefined,
  tier: string,
  asked?: Buyer,
): Promise<Changed> {
  const { tx, organizationId, at } = context;
  const plan = await paidPlan(tx, tier);
  if (current?.state === 'past-due' && tier === renewalTier(current)) {
    return { subscription: current, invoice: await periodInvoice(tx, organizationId, current.periodEnd) };
  }
  if (isRunning(current) && current.state !== 'trial') throw conflict(current, 'subscribe');
  const renewal = await readRenewal(tx, organizationId, current);
  if (renewal?.state === 'paid') throw new Problem(nextPeriodPaid);
  // Anyone who tries a plan keeps it until the trial ends, and a higher one at once.
  const waits = isRunning(current) && plan.price <= (await knownPlan(tx, current.tier)).price;
  const start = waits ? current.periodEnd : undefined;
  const invoice = await replaceOpen(context, {
    about: start ? `period/${start.toISOString()}/${tier}` : `first/${at.toISOString()}/${tier}`,
    purpose: { kind: 'period', tier, periodStart: start?.toISOString() ?? null },
    buyer: asked ?? current?.buyer ?? (await ownName(tx, organizationId)),
    lines: [periodLine(plan, start)],
    dueAt: start ?? daysAfter(at, DUE_DAYS),
  });
  return { subscription: current, invoice };
}

/** The difference of the prices for the rest of the period; and for the next one, when that is paid already. */
async function upgrade(
  context: Context,
  current: Subscription | undefined,
  tier: string,
  asked?: Buyer,
): Promise<Changed> {
  const { tx, organizationId, at } = context;
  requireState(current, 'upgrade', 'active');
  const [plan, present] = [await paidPlan(tx, tier), await knownPlan(tx, current.tier)];
  if (plan.price <= present.price) throw wrongTier('not a higher plan than the present one');
  const { periodStart, periodEnd } = current;
  const [rest, whole] = [periodEnd.getTime() - at.getTime(), periodEnd.getTime() - periodStart.getTime()];
  const amount = Math.max(prorate(plan.price - present.price, Math.min(rest, whole), whole), LEAST_INVOICE);
  const lines = [upgradeLine(plan, periodEnd, amount)];
  const renewal = await readRenewal(tx, organizationId, current);
  if (renewal?.state === 'paid') {
    const difference = plan.price - (await knownPlan(tx, renewalTier(current))).price;
    lines.push(nextMonthLine(plan, periodEnd, difference));
  }
  const end = lines.length > 1 ? monthAfter(periodEnd, current.anchorDay) : periodEnd;
  const invoice = await replaceOpen(context, {
    ...{ about: `upgrade/${at.toISOString()}/${tier}`, lines },
    purpose: { kind: 'upgrade', tier, periodEnd: end.toISOString() },
    buyer: asked ?? current.buyer ?? (await ownName(tx, organizationId)),
    dueAt: new Date(Math.min(daysAfter(at, DUE_DAYS).getTime(), periodEnd.getTime())),
  });
  return { subscription: current, invoice };
}

/** Units on top of the plan. @param about tells one wish from another: repeating one gives its invoice again */
export async function requestTopUp(
  { tx, deps, organizationId, at, actor }: Context,
  pack: TopUpPack,
  about: string,
  buyer?: Buyer,
): Promise<Invoice> {
  const { unit, amount } = pack;
  await holdBilling(tx, organizationId);
  const subscription = await tendSubscription(tx, deps, organizationId, at);
  return issueInvoice(
    tx,
    deps,
    {
      ...{ organizationId, about: `top-up/${about}`, lines: [topUpLine(pack)], dueAt: daysAfter(at, DUE_DAYS) },
      purpose: { kind: 'top-up', unit, amount, ...(unit === 'question' && { questions: amount }) },
      buyer: buyer ?? subscription?.buyer ?? (await ownName(tx, organizationId)),
    },
    at,
    actor,
  );
}

type PlanInvoice = Omit<Parameters<typeof issueInvoice>[2], 'organizationId'>;

/** Of the invoices for a period, and of those for an upgrade, one is open at most: asking for something else replaces it. */
async function replaceOpen(context: Context, invoice: PlanInvoice): Promise<Invoice> {
  const { tx, deps, organizationId, at, actor } = context;
  const open = await openInvoices(tx, organizationId);
  const sameKind = open.filter(({ purpose }) => purpose.kind === invoice.purpose.kind);
  const standing = sameKind.find(
    ({ purpose, buyer }) => tierOfPurpose(purpose) === tierOfPurpose(invoice.purpose) && isSame(buyer, invoice.buyer),
  );
  for (const other of sameKind) if (other !== standing) await voidInvoice(tx, other, at, actor);
  return standing ?? issueInvoice(tx, deps, { ...invoice, organizationId }, at, actor);
}

const tierOfPurpose = (purpose: InvoicePurpose) => ('tier' in purpose ? purpose.tier : undefined);

const isSame = (a: Buyer, b: Buyer) =>
  a.name === b.name && a.inn === b.inn && a.kpp === b.kpp && a.address === b.address;

async function requireCheaper(tx: Transaction, current: Subscription | undefined, tier: string): Promise<void> {
  const plan = await paidPlan(tx, tier);
  if (current && plan.price >= (await knownPlan(tx, current.tier)).price) {
    throw wrongTier('not a lower plan than the present one');
  }
}

const wrongTier = (message: string) => new Problem(invalidRequest, { errors: [{ path: 'body.tier', message }] });

async function ownName(tx: Transaction, organizationId: string): Promise<Buyer> {
  const [row] = await tx
    .select({ name: organizations.name })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  if (!row) throw new Problem(notFound);
  return { name: row.name };
}
