import type { Transaction } from '../../../../db/client.ts';
import { unitOf } from '../../../../db/units.ts';
import type { Notifications } from '../../../../platform/capabilities/outbox/index.ts';
import { type NotifiedLimit, notifiedLimit } from '../../letters.ts';
import { tellPeople } from '../../tell-people.ts';
import type { Reserved } from '../metering.ts';
import { endOf } from '../periods.ts';

/** From this share of a limit on people are told that it is near. */
const NEAR = 0.8;

export interface LimitState {
  what: NotifiedLimit;
  used: number;
  limit: number;
  /** Names the period, so that people are told once in each: `2026-03-01`; without one they are told once for each limit. */
  period?: string;
  /** ISO 8601. */
  resetAt?: string;
}

/** What is to be told about a limit: at 80 % that it is near, at 100 % that it is reached. */
export function limitNews({ used, limit, what, period }: LimitState): { kind: Kind; reference: string } | undefined {
  if (used < NEAR * limit) return undefined;
  const [kind, share] = used < limit ? (['limit-near', 80] as const) : (['limit-reached', 100] as const);
  // Without a period it is told again when the plan changed.
  return { kind, reference: `${what}/${period ?? limit}/${share}` };
}
type Kind = 'limit-near' | 'limit-reached';

/** Writes to every owner and admin of the organization, once for each share, in the transaction that used the limit. */
export async function tellLimit(
  tx: Transaction,
  notifications: Notifications,
  organizationId: string,
  state: LimitState,
): Promise<void> {
  const news = limitNews(state);
  if (!news) return;
  const { what, used, limit, resetAt } = state;
  const parameters = { what, used, limit, ...(resetAt !== undefined && { resetAt }) };
  await tellPeople(tx, notifications, ['owner', 'admin'], { organizationId, ...news, parameters });
}

/** Writes of every limit of the units that a request reserved, each in its period. */
export async function tellReserved(
  tx: Transaction,
  notifications: Notifications,
  organizationId: string,
  { units, at }: Pick<Reserved, 'units' | 'at'>,
): Promise<void> {
  const today = at.toISOString().slice(0, 10);
  const starts = { day: today, month: `${today.slice(0, 7)}-01` };
  for (const { unit, ...limits } of units) {
    for (const period of ['day', 'month'] as const) {
      const { used, limit } = limits[period];
      if (limit === null) continue;
      const what = notifiedLimit(unitOf(unit), period);
      const state = { what, used, limit, period: starts[period], resetAt: endOf(period, at).toISOString() };
      await tellLimit(tx, notifications, organizationId, state);
    }
  }
}
