import type { Schemas } from '@pandect/client';

export type Plan = Schemas['Plan'];
export type Subscription = NonNullable<Schemas['Subscription']>;

/** What a click on a plan or a pack asks for, before the person has confirmed it. */
export type Order =
  | { kind: 'subscribe' | 'upgrade' | 'downgrade' | 'trial'; plan: Plan }
  | { kind: 'top-up'; unit: string; name: string; amount: number; price: number };

/** Whether a subscription is being paid for, so that another plan is a change of it. */
const isRunning = (subscription: Subscription | null): boolean =>
  subscription?.state === 'active' || subscription?.state === 'past-due';

/** How an organization gets from its plan to another; undefined for the plan that it has. */
export function orderOf(plan: Plan, current: Plan | undefined, subscription: Subscription | null): Order | undefined {
  if (plan.tier === current?.tier) return undefined;
  const isCheaper = plan.price < (current?.price ?? 0);
  if (isRunning(subscription)) return { kind: isCheaper ? 'downgrade' : 'upgrade', plan };
  return plan.price === 0 ? undefined : { kind: 'subscribe', plan };
}

/** A plan above the present one may be tried once, before anything was paid. */
export const mayTry = (plan: Plan, current: Plan | undefined, subscription: Subscription | null): boolean =>
  subscription === null && plan.price > (current?.price ?? 0);
