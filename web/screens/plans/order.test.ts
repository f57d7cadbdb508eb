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
  expect(mayTry(basic, null)).toBe(true);
  expect(mayTry(demo, null)).toBe(false);
  expect(mayTry(basic, subscription('expired'))).toBe(false);
});
