import type { CallAttempt, CallReservation } from './contract.ts';
import { type CountedUsage, countUsage } from './cost.ts';

/** A call as `db/functions/commerce/metering/reserve_calls.sql` takes it. */
export const toReservationRow = (call: CallReservation, nth: number) => ({
  nth,
  id: call.requestId,
  person: call.userId,
  key: call.keyId,
  action: call.action,
  channel: call.channel,
  perMinute: call.tokensPerMinute,
  route: call.route,
  targets: call.targets,
  ...countUsage(call.usage),
  secondsOpen: call.secondsOpen,
});

/** What this process knows of a call in progress, in case that its reservation is lost. */
export interface OpenCall {
  person: string | null;
  key: string | null;
  action: string;
  route: string;
  /** When it was reserved, ISO 8601: its price and its periods are those of that moment. */
  at: string;
  /** Number of its first attempt: of a request that ended before, attempts are counted on. */
  first: number;
  /** What it holds, in roubles. */
  cost: string;
}

/** An ended call as `db/functions/commerce/metering/settle_calls.sql` takes it. */
export interface SettlementRow extends Partial<Omit<OpenCall, 'cost'>> {
  id: string;
  ending: 'settled' | 'released' | 'cached';
  first: number;
  attempts: AttemptRow[];
}

interface AttemptRow extends CountedUsage {
  attempt: number;
  outcome: CallAttempt['outcome'] | 'cached';
  price: string | null;
  /** Roubles. */
  cost: string;
  about: Record<string, unknown>;
}

/** @param attempt its number among all of the request */
export const toAttemptRow = (given: CallAttempt, { attempt, cost }: { attempt: number; cost: string }): AttemptRow => ({
  ...countUsage(given.usage),
  ...{ attempt, outcome: given.outcome, price: given.price, cost },
  about: {
    target: given.target,
    ms: Math.round(given.ms),
    ...(given.firstMs !== undefined && { firstMs: Math.round(given.firstMs) }),
    ...(given.status !== undefined && { status: given.status }),
    ...(given.isEstimated && { estimated: true }),
  },
});

/** An answer without an upstream, which costs nothing. */
export const toCachedRow = (attempt: number, given: CallAttempt | undefined): AttemptRow => ({
  ...countUsage({ input: 0, output: 0 }),
  ...{ attempt, outcome: 'cached', price: given?.price ?? null, cost: '0' },
  about: given ? { target: given.target, ms: Math.round(given.ms) } : {},
});
