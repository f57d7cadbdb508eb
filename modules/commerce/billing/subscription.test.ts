import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SubscriptionState, subscriptionStates } from '../../../db/schema/commerce/subscriptions.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { trialUsed } from '../problems.ts';
import { daysAfter } from './calendar.ts';
import {
  advance,
  type Renewal,
  renewalTier,
  type Subscription,
  type SubscriptionEvent,
  tierOf,
} from './subscription.ts';

const text = await readFile(join(import.meta.dirname, '../../../docs/billing.md'), 'utf8');
const diagram = /```mermaid\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
const arrows = [...diagram.matchAll(/^ +(\S+) --> ([^\s:]+)/gm)].map(([, from = '', to = '']) =>
  [from, to].map((state) => state.replaceAll('_', '-')).join(' → '),
);

const start = new Date('2026-01-31T10:00:00Z');
const end = new Date('2026-02-28T10:00:00Z');
const buyer = { name: 'Buyer' };
const subscription = (state: SubscriptionState, changes: Partial<Subscription> = {}): Subscription => ({
  ...{ state, tier: 'professional', nextTier: null, periodStart: start, periodEnd: end, anchorDay: 31 },
  ...{ trialUsed: state === 'trial', buyer, ...changes },
});
const paidFor = (tier: string, periodStart: Date | null): SubscriptionEvent => ({
  kind: 'paid',
  purpose: { kind: 'period', tier, periodStart: periodStart?.toISOString() ?? null },
  buyer,
});
const upgradeTo = (tier: string, periodEnd: Date): SubscriptionEvent => ({
  kind: 'paid',
  purpose: { kind: 'upgrade', tier, periodEnd: periodEnd.toISOString() },
  buyer,
});
const paid: Renewal = { state: 'paid', issuedAt: daysAfter(end, -7) };
const open: Renewal = { state: 'open', issuedAt: daysAfter(end, -7) };
const before = daysAfter(end, -3);
const time: SubscriptionEvent = { kind: 'time' };

describe('a subscription', () => {
  it('has the states of the diagram', () => {
    const named = new Set(arrows.flatMap((arrow) => arrow.split(' → ')));
    named.delete('[*]');
    expect([...named].toSorted()).toEqual([...subscriptionStates].toSorted());
  });

  it('starts as a trial of 14 days, once', () => {
    const trial = advance(undefined, { kind: 'trial', tier: 'basic' }, start);
    expect(trial).toMatchObject({ state: 'trial', tier: 'basic', periodEnd: daysAfter(start, 14), trialUsed: true });
    const again = () => advance(subscription('expired', { trialUsed: true }), { kind: 'trial', tier: 'basic' }, end);
    expect(again).toThrow(new Problem(trialUsed));
    expect(() => advance(subscription('expired'), { kind: 'trial', tier: 'basic' }, end)).toThrow(
      'subscription-conflict',
    );
  });

  it('begins its first period when it is paid', () => {
    for (const current of [undefined, subscription('expired'), subscription('trial', { tier: 'basic' })]) {
      expect(advance(current, paidFor('professional', null), start)).toMatchObject({
        ...{ state: 'active', tier: 'professional', periodStart: start, periodEnd: end, anchorDay: 31 },
      });
    }
  });

  it.each(['trial', 'active'] as const)(
    'that is paid ahead in %s continues as it is until the period ends',
    (state) => {
      const current = subscription(state);
      const then = advance(current, paidFor('professional', end), before, open) as Subscription;
      expect(then).toEqual(current);
      expect(advance(then, time, before, paid)).toBe(then);
      expect(advance(then, time, end, paid)).toMatchObject({
        ...{ state: 'active', periodStart: end, periodEnd: new Date('2026-03-31T10:00:00Z') },
      });
    },
  );

  it('that was tried and paid for at a lower price gets the lower plan when the trial ends', () => {
    const then = advance(subscription('trial'), paidFor('basic', end), before);
    expect(tierOf(then)).toBe('professional');
    expect(tierOf(advance(then, time, end, paid))).toBe('basic');
  });

  it('that is not paid is served for seven more days, and from its invoice on if that came late', () => {
    const late = { state: 'open', issuedAt: daysAfter(end, 30) } as const;
    const pastDue = advance(subscription('active'), time, end, open);
    expect([pastDue?.state, tierOf(pastDue)]).toEqual(['past-due', 'professional']);
    expect(advance(pastDue, time, new Date(daysAfter(end, 7).getTime() - 1), open)).toBe(pastDue);
    expect(tierOf(advance(pastDue, time, daysAfter(end, 7), open))).toBe('demo');
    expect(advance(pastDue, time, daysAfter(end, 36), late)).toBe(pastDue);
    expect(advance(pastDue, time, daysAfter(end, 37), late)?.state).toBe('expired');
  });

  it('that is paid late continues where the period ended', () => {
    const then = advance(
      subscription('past-due', { nextTier: 'basic' }),
      paidFor('basic', end),
      daysAfter(end, 5),
      open,
    );
    expect(then).toMatchObject({ state: 'active', tier: 'basic', nextTier: null, periodStart: end });
  });

  it('that is paid after it expired starts over', () => {
    const at = daysAfter(end, 20);
    expect(advance(subscription('expired'), paidFor('basic', end), at)).toMatchObject({
      state: 'active',
      periodStart: at,
    });
  });

  it('does not mind a clock that goes back', () => {
    const current = subscription('active', { periodStart: end, periodEnd: new Date('2026-03-31T10:00:00Z') });
    expect(advance(current, time, new Date(0))).toBe(current);
  });

  it('that is cancelled is served to the end of what is paid', () => {
    const cancelled = advance(subscription('active', { nextTier: 'basic' }), { kind: 'cancel' }, before);
    expect(cancelled).toMatchObject({ state: 'cancelled', nextTier: null, tier: 'professional' });
    expect(advance(cancelled, time, before)).toBe(cancelled);
    expect(advance(cancelled, time, end)?.state).toBe('expired');
    expect(advance(cancelled, { kind: 'resume' }, before)?.state).toBe('active');
    const ahead = advance(cancelled, time, end, paid);
    expect(ahead).toMatchObject({ state: 'cancelled', periodStart: end });
    for (const state of ['trial', 'past-due'] as const) {
      expect(advance(subscription(state), { kind: 'cancel' }, before)?.state).toBe('expired');
    }
  });

  it('is downgraded when the period ends, and can be left as it was until the next one is paid', () => {
    const downgraded = advance(subscription('active'), { kind: 'downgrade', tier: 'basic' }, before, open);
    expect(tierOf(downgraded)).toBe('professional');
    expect(advance(downgraded, { kind: 'resume' }, before, open)?.nextTier).toBeNull();
    for (const event of [{ kind: 'resume' }, { kind: 'downgrade', tier: 'basic' }] as const) {
      expect(() => advance(downgraded, event, before, paid)).toThrow('next-period-paid');
    }
    expect(tierOf(advance(downgraded, time, end, paid))).toBe('basic');
  });

  it('is upgraded at once without another period', () => {
    const current = subscription('active', { nextTier: 'basic' });
    const then = advance(current, upgradeTo('enterprise', end), before, open);
    expect(then).toEqual({ ...current, tier: 'enterprise', nextTier: null });
  });

  it('that is upgraded for this period alone continues with the plan that was paid for the next', () => {
    const current = subscription('active', { nextTier: 'basic' });
    const short = advance(current, upgradeTo('enterprise', end), before, paid) as Subscription;
    expect([short.tier, renewalTier(short)]).toEqual(['enterprise', 'basic']);
    const long = advance(
      current,
      upgradeTo('enterprise', new Date('2026-03-31T10:00:00Z')),
      before,
      paid,
    ) as Subscription;
    expect(renewalTier(long)).toBe('enterprise');
  });

  it('goes the ways of the diagram and no other, whatever happens', () => {
    const tier = fc.constantFrom('basic', 'professional', 'enterprise');
    const event = fc.oneof(
      fc.record({ kind: fc.constantFrom('trial' as const, 'downgrade' as const), tier }),
      fc.record({ kind: fc.constantFrom('cancel' as const, 'resume' as const, 'time' as const) }),
      fc.tuple(tier, fc.constantFrom('first', 'next', 'upgrade')).map(([of, what]) => ({ pay: what, tier: of })),
    );
    const step = fc.record({
      event,
      days: fc.integer({ min: -3, max: 40 }),
      renewal: fc.constantFrom(undefined, 'open' as const, 'paid' as const),
    });
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let current = undefined as Subscription | undefined;
        let at = start;
        for (const { event: given, days, renewal: state } of steps) {
          at = daysAfter(at, days);
          const wanted: SubscriptionEvent = !('pay' in given)
            ? given
            : given.pay === 'upgrade'
              ? upgradeTo(given.tier, current?.periodEnd ?? at)
              : paidFor(given.tier, given.pay === 'next' && current ? current.periodEnd : null);
          const renewal = state && { state, issuedAt: daysAfter(current?.periodEnd ?? at, -7) };
          let next: Subscription | undefined;
          try {
            next = advance(current, wanted, at, renewal);
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
            continue;
          }
          if (current?.state !== next?.state) seen.add(`${current?.state ?? '[*]'} → ${next?.state}`);
          if (next) expect(next.periodEnd.getTime()).toBeGreaterThan(next.periodStart.getTime());
          if (current?.trialUsed) expect(next?.trialUsed).toBe(true);
          current = next;
        }
      }),
      { numRuns: 2_000, seed: 20_26 },
    );
    expect([...seen].toSorted()).toEqual(arrows.filter((arrow) => !arrow.endsWith('[*]')).toSorted());
  });
});
