import { expect, it } from 'vitest';
import { heldTier, mayTry, orderOf, type Plan, type Subscription } from './order.ts';

const plan = (tier: string, price: number) => ({ tier, price }) as Plan;
const subscription = (state: Subscription['state']) => ({ state }) as Subscription;
const [demo, basic, premium] = [plan('demo', 0), plan('basic', 500_000), plan('premium', 1_500_000)];

it.each([
  // state, its next plan, present plan, what the three plans are offered as
  ['none', null, demo, [undefined, 'subscribe', 'subscribe']],
  ['none', null, premium, [undefined, 'subscribe', undefined]],
  ['expired', null, demo, [undefined, 'subscribe', 'subscribe']],
  ['trial', null, basic, [undefined, 'subscribe-after-trial', 'subscribe']],
  ['trial', null, premium, [undefined, 'subscribe-after-trial', 'subscribe-after-trial']],
  ['active', null, basic, [undefined, undefined, 'upgrade']],
  ['active', null, premium, [undefined, 'downgrade', undefined]],
  ['active', 'basic', premium, [undefined, undefined, undefined]],
  ['past-due', null, basic, [undefined, undefined, undefined]],
  ['past-due', null, premium, [undefined, 'downgrade', undefined]],
  ['cancelled', null, basic, [undefined, undefined, undefined]],
] as const)('offers what the service accepts: subscription %s, next %s', (state, nextTier, current, offered) => {
  const present = state === 'none' ? null : ({ state, nextTier } as Subscription);
  expect([demo, basic, premium].map((to) => orderOf(to, current, present)?.kind)).toEqual(offered);
});

it('offers nothing for the free plan before it is known what the present one is', () => {
  expect(orderOf(demo, undefined, null)).toBeUndefined();
});

it('lets a paid plan be tried only before the first subscription', () => {
  expect(mayTry(basic, demo, null)).toBe(true);
  expect(mayTry(demo, demo, null)).toBe(false);
  expect(mayTry(basic, demo, subscription('expired'))).toBe(false);
});

it('lets no plan be tried that is in use already, as an operator may give it, nor one below it', () => {
  expect(mayTry(basic, basic, null)).toBe(false);
  expect(mayTry(basic, premium, null)).toBe(false);
  expect(mayTry(premium, basic, null)).toBe(true);
});

it('counts changes from what is paid for, and from what is given where nothing is', () => {
  const given = { tier: 'basic', state: 'active' } as Subscription;
  expect(heldTier('premium', given)).toBe('basic');
  expect(heldTier('premium', { ...given, state: 'expired' })).toBe('premium');
  expect(heldTier('premium', null)).toBe('premium');
});
