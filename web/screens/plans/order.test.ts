import { expect, it } from 'vitest';
import { mayTry, orderOf, type Plan, type Subscription } from './order.ts';

const plan = (tier: string, price: number) => ({ tier, price }) as Plan;
const subscription = (state: Subscription['state']) => ({ state }) as Subscription;
const [demo, basic, premium] = [plan('demo', 0), plan('basic', 500_000), plan('premium', 1_500_000)];

it('subscribes where nothing is paid for yet', () => {
  expect(orderOf(basic, demo, null)?.kind).toBe('subscribe');
  expect(orderOf(basic, demo, subscription('expired'))?.kind).toBe('subscribe');
});

it('changes a subscription that is running, also one that is past due', () => {
  expect(orderOf(premium, basic, subscription('active'))?.kind).toBe('upgrade');
  expect(orderOf(demo, basic, subscription('past-due'))?.kind).toBe('downgrade');
});

it('offers neither the present plan nor the free one to buy', () => {
  expect(orderOf(basic, basic, subscription('active'))).toBeUndefined();
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
