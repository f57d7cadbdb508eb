import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { subscriptions } from '../../../db/schema/commerce/subscriptions.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { changePlan } from '../../people/organizations/change-plan.ts';
import { recordAct } from '../../people/record-act.ts';
import { documentUse, planOf, tellLimit } from '../metering/index.ts';
import { tellPeople } from '../tell-people.ts';
import { type Actor, type BillingDeps, platformActor } from './billing-deps.ts';
import { daysAfter } from './calendar.ts';
import {
  type Invoice,
  issueInvoice,
  openInvoices,
  periodInvoice,
  voidInvoice,
  voidStaleInvoices,
} from './invoices/invoice.ts';
import { periodLine } from './invoices/invoice-lines.ts';
import { knownPlan } from './plans.ts';
import {
  advance,
  GRACE_DAYS,
  isRunning,
  type Renewal,
  renewalFrom,
  renewalTier,
  type Subscription,
  type SubscriptionEvent,
  tierOf,
} from './subscription.ts';

/** Applies decisions about subscriptions. Anyone who calls holds the organization's billing, see `holdBilling`. */

/** An organization without a row never had one. */
export async function readSubscription(tx: Transaction, organizationId: string): Promise<Subscription | undefined> {
  const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.organizationId, organizationId));
  if (!row) return undefined;
  const { organizationId: _, updatedAt: __, ...subscription } = row;
  return subscription;
}

/** The invoice for the period after the present one. */
export async function readRenewal(
  tx: Transaction,
  organizationId: string,
  current: Subscription | undefined,
): Promise<Renewal | undefined> {
  const invoice = isRunning(current) ? await periodInvoice(tx, organizationId, current.periodEnd) : undefined;
  return invoice && { state: invoice.state === 'paid' ? 'paid' : 'open', issuedAt: invoice.issuedAt };
}

/**
 * Lets an event happen to a subscription: saves what comes of it, gives the organization its plan, withdraws the invoices that
 * no longer fit, and writes it down and to the owners. @throws Problem as `advance` does
 */
export async function changeSubscription(
  tx: Transaction,
  deps: BillingDeps,
  organizationId: string,
  event: SubscriptionEvent,
  at: Date,
  actor: Actor = platformActor,
): Promise<Subscription | undefined> {
  const current = await readSubscription(tx, organizationId);
  const next = advance(current, event, at, await readRenewal(tx, organizationId, current));
  if (next === undefined || next === current) return current;
  const row = { ...next, updatedAt: at };
  await tx
    .insert(subscriptions)
    .values({ organizationId, ...row })
    .onConflictDoUpdate({ target: subscriptions.organizationId, set: row });
  const isNewPeriod = next.periodStart.getTime() !== current?.periodStart.getTime();
  await changePlan(tx, organizationId, {
    // What an administrator chose by hand stays until a new period or plan.
    ...((isNewPeriod || tierOf(next) !== tierOf(current)) && { tier: tierOf(next) }),
    ...(isNewPeriod && { subscriptionStartedAt: next.periodStart }),
    subscriptionEndsAt: isRunning(next) ? next.periodEnd : null,
  });
  await tellExceeded(tx, deps.notifications, organizationId);
  for (const invoice of await openInvoices(tx, organizationId)) {
    if (!fits(invoice, next)) await voidInvoice(tx, invoice, at, actor);
  }
  const { state, tier, nextTier, periodEnd } = next;
  const details = { event: event.kind, from: current?.state ?? null, state, tier, nextTier, periodEnd };
  await recordAct(tx, { organizationId, ...actor, action: 'change-subscription', target: organizationId, details });
  await tellPeople(tx, deps.notifications, ['owner'], {
    organizationId,
    kind: 'subscription',
    reference: `${state}/${tierOf(next)}/${nextTier ?? '-'}/${at.toISOString()}`,
    parameters: { state, tier: tierOf(next), until: periodEnd.toISOString() },
  });
  return next;
}

/** Tells of what is held beyond a smaller plan. All of it stays, and nothing can be added until there is less. */
async function tellExceeded(tx: Transaction, notifications: Notifications, organizationId: string): Promise<void> {
  const [plan, held] = [await planOf(tx, organizationId), await documentUse(tx, organizationId)];
  for (const state of [
    { what: 'documents' as const, used: held.documents, limit: plan.documents },
    { what: 'storage' as const, used: held.storageBytes, limit: plan.storageBytes },
  ]) {
    if (state.used > state.limit) await tellLimit(tx, notifications, organizationId, state);
  }
}

/** Whether an open invoice still asks for what there is to be paid. One for a first month does as long as none runs. */
function fits({ purpose, issuedAt }: Invoice, current: Subscription): boolean {
  if (purpose.kind === 'top-up' || purpose.kind === 'order') return true;
  if (purpose.kind === 'upgrade') {
    return current.state === 'active' && issuedAt >= current.periodStart && purpose.tier !== current.tier;
  }
  if (current.state === 'trial' || current.state === 'expired') return true;
  if (current.state === 'cancelled') return false;
  return purpose.periodStart === current.periodEnd.toISOString() && purpose.tier === renewalTier(current);
}

/**
 * Brings an organization's billing to a time: issues the invoice for the next period when it is due, ends periods and grace,
 * withdraws invoices that no one paid. Doing it again changes nothing; after a long pause it makes up for all of it.
 */
export async function tendSubscription(
  tx: Transaction,
  deps: BillingDeps,
  organizationId: string,
  at: Date,
): Promise<Subscription | undefined> {
  await voidStaleInvoices(tx, organizationId, at);
  for (let current = await readSubscription(tx, organizationId); ; ) {
    await ensureRenewal(tx, deps, organizationId, current, at);
    const next = await changeSubscription(tx, deps, organizationId, { kind: 'time' }, at);
    if (next?.state === current?.state && next?.periodEnd.getTime() === current?.periodEnd.getTime()) return next;
    current = next;
  }
}

async function ensureRenewal(
  tx: Transaction,
  deps: BillingDeps,
  organizationId: string,
  current: Subscription | undefined,
  at: Date,
): Promise<void> {
  const isDue = current && ['active', 'past-due'].includes(current.state) && at >= renewalFrom(current);
  if (!isDue || !current.buyer || (await periodInvoice(tx, organizationId, current.periodEnd))) return;
  const { periodEnd, buyer } = current;
  const plan = await knownPlan(tx, renewalTier(current));
  const purpose = { kind: 'period', tier: plan.tier, periodStart: periodEnd.toISOString() } as const;
  await issueInvoice(
    tx,
    deps,
    {
      ...{ organizationId, buyer, purpose, about: `period/${purpose.periodStart}/${plan.tier}` },
      lines: [periodLine(plan, periodEnd)],
      dueAt: at < periodEnd ? periodEnd : daysAfter(at, GRACE_DAYS),
    },
    at,
  );
}
