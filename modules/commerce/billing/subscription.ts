import type { InvoicePurpose, UnitPurpose } from '../../../db/schema/commerce/invoices.ts';
import type { Buyer, SubscriptionState, subscriptions } from '../../../db/schema/commerce/subscriptions.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { nextPeriodPaid, subscriptionConflict, trialUsed } from '../problems.ts';
import { anchorDayOf, daysAfter, monthAfter } from './calendar.ts';

/**
 * The life cycle of a subscription, as a pure function: what is, what happens and when give what is then. The diagram in
 * `docs/billing.md` shows the same. Anyone who has no subscription, or an expired one, is on the free plan.
 */

export const FREE_TIER = 'demo';
export const TRIAL_DAYS = 14;
/** Service continues for so long after the end of a period that was not followed by a paid one. */
export const GRACE_DAYS = 7;
/** The invoice for the next period is issued so long before the present one ends. */
export const RENEWAL_DAYS = 7;

export type Subscription = Omit<typeof subscriptions.$inferSelect, 'organizationId' | 'updatedAt'>;

/** The invoice for the period after the present one. */
export interface Renewal {
  state: 'open' | 'paid';
  issuedAt: Date;
}

export type SubscriptionEvent =
  | { kind: 'trial'; tier: string }
  | { kind: 'paid'; purpose: Exclude<InvoicePurpose, UnitPurpose>; buyer: Buyer }
  /** The plan of the next period. */
  | { kind: 'downgrade'; tier: string }
  | { kind: 'cancel' }
  /** Takes a cancellation or a downgrade back. */
  | { kind: 'resume' }
  /** Nothing but that time went on. */
  | { kind: 'time' };

export type SubscriptionAction = 'trial' | 'subscribe' | 'upgrade' | 'downgrade' | 'cancel' | 'resume';

const running: readonly SubscriptionState[] = ['trial', 'active', 'past-due', 'cancelled'];

/** Whether it gives its organization a plan. */
export const isRunning = (current: Subscription | undefined): current is Subscription =>
  current !== undefined && running.includes(current.state);

/** What an organization's plan is by its subscription. */
export const tierOf = (current: Subscription | undefined): string => (isRunning(current) ? current.tier : FREE_TIER);

/** The plan that the next period is for. */
export const renewalTier = (current: Subscription): string => current.nextTier ?? current.tier;

/** From when on the invoice for the next period is there. */
export const renewalFrom = (current: Subscription): Date => daysAfter(current.periodEnd, -RENEWAL_DAYS);

/** When an unpaid subscription expires; somebody whose invoice came late is given the same time to pay it. */
export const graceEnd = ({ periodEnd }: Subscription, renewal: Renewal | undefined): Date =>
  daysAfter(renewal && renewal.issuedAt > periodEnd ? renewal.issuedAt : periodEnd, GRACE_DAYS);

/**
 * @param renewal the invoice for the period after the present one, if there is one that is not void
 * @returns the subscription after the event; the same object when it changes nothing
 * @throws Problem subscription-conflict, trial-used, next-period-paid
 */
export function advance(
  current: Subscription | undefined,
  event: SubscriptionEvent,
  at: Date,
  renewal?: Renewal,
): Subscription | undefined {
  switch (event.kind) {
    case 'trial':
      return startTrial(current, event.tier, at);
    case 'paid':
      return event.purpose.kind === 'upgrade'
        ? afterUpgrade(current, event.purpose, renewal)
        : afterPeriodPaid(current, event.purpose, event.buyer, at);
    case 'downgrade':
      requireState(current, 'downgrade', 'active', 'past-due');
      requireUnpaid(renewal);
      return { ...current, nextTier: event.tier };
    case 'cancel':
      requireState(current, 'cancel', 'trial', 'active', 'past-due');
      // What is not paid for ends at once, the rest with its period.
      return {
        ...current,
        state: current.state === 'active' ? 'cancelled' : 'expired',
        nextTier: renewal?.state === 'paid' ? current.nextTier : null,
      };
    case 'resume':
      if (current?.state === 'active' && current.nextTier !== null) requireUnpaid(renewal);
      else requireState(current, 'resume', 'cancelled');
      return { ...(current as Subscription), state: 'active', nextTier: null };
    case 'time':
      return afterTime(current, at, renewal);
  }
}

/** @throws Problem subscription-conflict */
export function requireState(
  current: Subscription | undefined,
  action: SubscriptionAction,
  ...allowed: SubscriptionState[]
): asserts current is Subscription {
  if (!current || !allowed.includes(current.state)) throw conflict(current, action);
}

export const conflict = (current: Subscription | undefined, action: SubscriptionAction): Problem =>
  new Problem(subscriptionConflict, { parameters: { current: current?.state ?? 'none', action } });

function requireUnpaid(renewal: Renewal | undefined): void {
  if (renewal?.state === 'paid') throw new Problem(nextPeriodPaid);
}

function startTrial(current: Subscription | undefined, tier: string, at: Date): Subscription {
  if (current?.trialUsed) throw new Problem(trialUsed);
  if (current) throw conflict(current, 'trial');
  const periodEnd = daysAfter(at, TRIAL_DAYS);
  return {
    ...{ state: 'trial', tier, nextTier: null, periodStart: at, periodEnd, anchorDay: anchorDayOf(periodEnd) },
    ...{ trialUsed: true, buyer: null },
  };
}

function afterPeriodPaid(
  current: Subscription | undefined,
  { tier, periodStart }: Extract<InvoicePurpose, { kind: 'period' }>,
  buyer: Buyer,
  at: Date,
): Subscription {
  const follows = isRunning(current) && periodStart === current.periodEnd.toISOString();
  if (follows) {
    const next = { ...current, buyer, nextTier: tier === current.tier ? null : tier };
    if (current.state === 'past-due') return nextPeriod(next);
    // Paid ahead: the next period begins when the present one ends, and a cancellation is thereby taken back.
    return { ...next, state: current.state === 'cancelled' ? 'active' : current.state };
  }
  const anchorDay = anchorDayOf(at);
  return {
    ...{
      state: 'active',
      tier,
      nextTier: null,
      periodStart: at,
      periodEnd: monthAfter(at, anchorDay),
      anchorDay,
      buyer,
    },
    trialUsed: current?.trialUsed ?? false,
  };
}

/** An upgrade that was asked for before the next period was paid does not cover that one. */
function afterUpgrade(
  current: Subscription | undefined,
  { tier, periodEnd }: Extract<InvoicePurpose, { kind: 'upgrade' }>,
  renewal: Renewal | undefined,
): Subscription {
  requireState(current, 'upgrade', 'active');
  const coversNext = new Date(periodEnd) > current.periodEnd;
  const nextTier = renewal?.state === 'paid' && !coversNext ? renewalTier(current) : null;
  return { ...current, tier, nextTier };
}

const nextPeriod = (current: Subscription): Subscription => ({
  ...current,
  state: current.state === 'cancelled' ? 'cancelled' : 'active',
  tier: renewalTier(current),
  nextTier: null,
  periodStart: current.periodEnd,
  periodEnd: monthAfter(current.periodEnd, current.anchorDay),
});

function afterTime(
  current: Subscription | undefined,
  at: Date,
  renewal: Renewal | undefined,
): Subscription | undefined {
  if (!isRunning(current) || at < current.periodEnd) return current;
  if (renewal?.state === 'paid') return nextPeriod(current);
  if (current.state === 'active') return { ...current, state: 'past-due' };
  if (current.state === 'past-due' && (!renewal || at < graceEnd(current, renewal))) return current;
  return { ...current, state: 'expired', nextTier: null };
}
