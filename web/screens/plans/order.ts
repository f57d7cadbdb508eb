import type { Schemas } from '@pandect/client';

export type Plan = Schemas['Plan'];
export type Subscription = NonNullable<Schemas['Subscription']>;

/** What a click on a plan or a pack asks for, before the person has confirmed it. */
export type Order =
  | { kind: 'subscribe' | 'subscribe-after-trial' | 'upgrade' | 'downgrade' | 'trial'; plan: Plan }
  | { kind: 'top-up'; unit: string; name: string; amount: number; price: number };

/**
 * How an organization gets from its plan to another, as `docs/billing.md` has it; undefined where nothing is to be bought: a plan that costs nothing, the
 * one that is paid for or planned next, a higher one while an invoice is overdue, and all while a cancelled subscription runs out.
 */
export function orderOf(plan: Plan, current: Plan | undefined, subscription: Subscription | null): Order | undefined {
  if (plan.price === 0) return undefined;
  const isPresent = plan.tier === current?.tier;
  const isCheaper = plan.price < (current?.price ?? 0);
  switch (subscription?.state) {
    case 'trial':
      return { kind: isPresent || isCheaper ? 'subscribe-after-trial' : 'subscribe', plan };
    case 'active':
      if (isPresent || plan.tier === subscription.nextTier) return undefined;
      return { kind: isCheaper ? 'downgrade' : 'upgrade', plan };
    case 'past-due':
      return isCheaper && plan.tier !== subscription.nextTier ? { kind: 'downgrade', plan } : undefined;
    case 'cancelled':
      return undefined;
    default:
      return isPresent ? undefined : { kind: 'subscribe', plan };
  }
}

/** The plan that changes are counted from: what is paid for or tried, even while an operator has given another one. */
export const heldTier = (tier: string, subscription: Subscription | null): string =>
  subscription && subscription.state !== 'expired' ? subscription.tier : tier;

/** A plan above the present one may be tried once, before anything was paid. */
export const mayTry = (plan: Plan, current: Plan | undefined, subscription: Subscription | null): boolean =>
  subscription === null && plan.price > (current?.price ?? 0);
