import type { Database } from '../../../../db/client.ts';
import type { BudgetScope, BudgetWindow } from '../../../../db/schema/commerce/budgets.ts';
import type { Channel } from '../../../../db/schema/people/api-keys.ts';
import { coalesce } from '../../../../platform/kernel/calls/coalesce.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import { organizationSuspended } from '../../../people/problems.ts';
import { refusalProblem } from '../limits/limit-refusal.ts';
import { endOf } from '../periods.ts';
import { type BudgetRefusal, budgetProblem } from './budget-refusal.ts';
import { type OpenCall, type SettlementRow, toAttemptRow, toCachedRow, toReservationRow } from './call-rows.ts';
import type { CallMetering, CallReservation, EndedCall, ReservedCall } from './contract.ts';
import { countUsage, fromDecimal, priceUsage, toDecimal } from './cost.ts';
import { createPrices, type Prices } from './prices.ts';
import { createSettlementQueue } from './settlement-queue.ts';

/** Calls of one organization that are reserved together at most. */
const TOGETHER = 64;
/** Calls in progress that a process remembers; one that no one ends is forgotten after so many others. */
const REMEMBERED = 50_000;

export interface CallMeteringSettings {
  /** Tokens that an organization may use in a minute, by channel. */
  tokensPerMinute: Record<Channel, number>;
}

/** A budget of which 80 or 100 percent are spent. Figures are exact text: roubles, or tokens. */
export interface SpentBudget {
  id: string;
  scope: BudgetScope;
  scopeId: string | null;
  window: BudgetWindow;
  /** First day of the window. */
  start: string;
  what: 'cost' | 'tokens';
  used: string;
  limit: string;
}

/** Keeps what has ended until it is in the database, so that the end of this process loses nothing. */
export interface SettlementJournal {
  /** @returns what to call when it is in the database */
  append(organizationId: string, row: SettlementRow): () => void;
  close(): void;
}

export interface CallMeteringParts {
  journal?: SettlementJournal | undefined;
  /** Is told of budgets that are nearly or wholly spent. */
  onSpent?(organizationId: string, spent: readonly SpentBudget[]): Promise<void>;
  /** A call's end is in the database, so many milliseconds after it was over. */
  onWritten?(lagMs: number): void;
  /** A settlement that the database refuses, or a notice that could not be sent. */
  onFailure?(error: unknown): void;
}

interface Decision {
  refusal: { what: 'price' | 'minute'; limit: number; used: number } | BudgetRefusal | null;
  targets: string[];
  /** That are known of the request already. */
  attempts: number;
  cost: string;
  limit: number;
  left: number;
}
const refusals = { 'not-found': notFound, 'organization-suspended': organizationSuspended };
type Outcome = { refused: keyof typeof refusals } | { at: string; decisions: Decision[] };

interface Settlement {
  row: SettlementRow;
  /** By `performance.now()`. */
  endedAt: number;
  confirm: () => void;
}

/** Calls of the gateway on the same books as questions, see `db/functions/commerce/metering/reserve_calls.sql` and `settle_calls.sql`. */
export function createCallMetering(
  database: Database,
  settings: CallMeteringSettings,
  { journal, onSpent, onWritten, onFailure = () => {} }: CallMeteringParts = {},
): CallMetering {
  const tokensPerMinute = JSON.stringify(settings.tokensPerMinute);
  const prices = createPrices(database);
  const open = new Map<string, OpenCall>();

  const together = coalesce(async (organizationId: string, calls: CallReservation[]) => {
    const [row] = await database.statement<{ outcome: Outcome }>('select reserve_calls($1, $2, $3) as outcome', [
      organizationId,
      JSON.stringify(calls.map(toReservationRow)),
      tokensPerMinute,
    ]);
    const outcome = row?.outcome as Outcome;
    return calls.map((call, index) => decide(call, outcome, index));
  }, TOGETHER);

  const queue = createSettlementQueue<Settlement>({
    async write(organizationId, settlements) {
      const rows = settlements.map(({ row }) => row);
      const spent = await settleRows(database, organizationId, rows);
      if (spent.length > 0) onSpent?.(organizationId, spent).catch(onFailure);
    },
    onEnded: (settlements) => {
      for (const { confirm } of settlements) confirm();
      for (const { endedAt } of settlements) onWritten?.(performance.now() - endedAt);
    },
    onRefused: onFailure,
  });

  return {
    async reserve(call) {
      // Before anything is held: what no one ends is charged.
      await prices.refresh();
      const decided = await together(call.organizationId, call);
      if (decided instanceof Problem) throw decided;
      const { opened, ...reserved } = decided;
      for (const oldest of open.keys()) {
        if (open.size < REMEMBERED) break;
        open.delete(oldest);
      }
      open.set(call.requestId, opened);
      return reserved;
    },
    async settle(call) {
      await prices.known();
      const opened = open.get(call.requestId);
      open.delete(call.requestId);
      const row = toSettlementRow(call, opened, prices);
      const confirm = journal?.append(call.organizationId, row) ?? (() => {});
      queue.push(call.organizationId, { row, endedAt: performance.now(), confirm });
      return { cost: toDecimal(row.attempts.reduce((sum, { cost }) => sum + fromDecimal(cost), 0n)) };
    },
    flush: () => queue.flush(),
  };
}

/** Writes ended calls of one organization; twice is as once. @returns budgets that people are to be told of */
export async function settleRows(
  database: Database,
  organizationId: string,
  rows: readonly SettlementRow[],
): Promise<SpentBudget[]> {
  const [row] = await database.statement<{ spent: SpentBudget[] | null }>('select settle_calls($1, $2) as spent', [
    organizationId,
    JSON.stringify(rows),
  ]);
  return row?.spent ?? [];
}

function decide(
  call: CallReservation,
  outcome: Outcome,
  index: number,
): (ReservedCall & { opened: OpenCall }) | Problem {
  if ('refused' in outcome) return new Problem(refusals[outcome.refused]);
  const { refusal, targets, attempts, cost, limit, left } = outcome.decisions[index] as Decision;
  const at = new Date(outcome.at);
  if (refusal) return 'scope' in refusal ? budgetProblem(refusal, at) : refusalProblem(refusal, '', at);
  const { requestId, userId, keyId, action, route } = call;
  const opened = { person: userId, key: keyId, action, route, at: outcome.at, first: attempts + 1, cost };
  const resetMs = endOf('minute', at).getTime() - at.getTime();
  return { requestId, targets, tokens: { limit, remaining: left, resetMs }, opened };
}

function toSettlementRow(call: EndedCall, opened: OpenCall | undefined, prices: Prices): SettlementRow {
  const { requestId: id, ending, attempts } = call;
  const { cost: held = '0', first = 1, ...known }: Partial<OpenCall> = opened ?? {};
  const at = known.at === undefined ? Date.now() : Date.parse(known.at);
  const costOf = ({ outcome, price, usage }: EndedCall['attempts'][number]): string => {
    const counted = countUsage(outcome === 'failed' ? { ...usage, requests: 0 } : usage);
    const found = prices.find(price, at, counted.input);
    // It had a price when it was reserved: without one it costs what was held.
    return found ? toDecimal(priceUsage(found, counted)) : held;
  };
  const rows =
    ending === 'cached'
      ? [toCachedRow(first, attempts[0])]
      : attempts.map((given) => toAttemptRow(given, { attempt: first + given.attempt - 1, cost: costOf(given) }));
  return { ...known, id, ending, first, attempts: rows };
}
