import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import type { ModelPolicy } from '../../../db/schema/commerce/subscription-plans.ts';
import type { UsageOutcome } from '../../../db/schema/commerce/usage-logs.ts';
import type { Channel } from '../../../db/schema/people/api-keys.ts';
import { coalesce } from '../../../platform/kernel/calls/coalesce.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { organizationSuspended } from '../../people/problems.ts';
import { type BudgetRefusal, budgetProblem } from './calls/budget-refusal.ts';
import type { SpentBudget } from './calls/call-metering.ts';
import type { CallTarget } from './calls/contract.ts';
import { type Refusal, refusalProblem } from './limits/limit-refusal.ts';

/** Requests of one owner that are admitted together at most. */
const TOGETHER = 64;

/** Amounts by unit, see `db/units.ts`; whole and above zero. */
export type Amounts = Readonly<Record<string, number>>;

/** Who pays: an organization, and a wallet in it next to it where one is named. Every limit of both must have room. */
export interface Owner {
  organizationId: string;
  walletId?: string | undefined;
}

/** What a request reserves of a model, besides its units. */
export interface ModelReservation {
  channel: Channel;
  /** Which models may answer under each policy; the price of the dearest is reserved. */
  models: Record<ModelPolicy, readonly CallTarget[]>;
  /** Tokens of the caller's own words, of the whole prompt, and for the answer; null for what the plan allows for a question. */
  question: number;
  prompt: number;
  completion: number | null;
}

export interface ReservationRequest {
  owner: Owner;
  /** Whom usage is written down for. */
  userId: string | null;
  /** The API key that asked, whose budgets a request that calls a model counts for. */
  keyId?: string | undefined;
  /** The same for all attempts at one request, see `requestIdOf`. */
  requestId: string;
  /** Under which name usage is written down; `ai_query` counts as a question of the organization. */
  action: string;
  amounts: Amounts;
  model?: ModelReservation;
  /** After so many whole seconds the reservation expires if no one ended it; longer than the request may take. */
  secondsOpen: number;
}

/** What is used of a unit by the organization, in the periods of the admission and with it; a limit of null does not limit. */
export interface ReservedUnit {
  unit: string;
  day: { used: number; limit: number | null };
  month: { used: number; limit: number | null };
}

/** Units that every limit has room for, reserved until they are settled, released or expired. */
export interface Reserved {
  requestId: string;
  /** When and thus in which periods. */
  at: Date;
  plan: { tier: string; modelPolicy: ModelPolicy; maxTokensPerQuestion: number };
  documentsVersion: number;
  units: ReservedUnit[];
  /** Of the models, those that have a price and that budgets have room for; none where none was named. */
  targets: readonly string[];
}

/** One call of a provider for a request, or none when the answer was cached. */
export interface Attempt {
  /** As `start` gave it; missing when no provider was called. */
  attempt?: number;
  outcome: UsageOutcome;
  model: string;
  promptTokens: number;
  completionTokens: number;
  /** Part of `promptTokens`; priced apart. */
  cachedTokens: number;
  metadata?: Record<string, unknown>;
}

/** An attempt of which nothing came. */
export type FailedAttempt = Pick<Attempt, 'model' | 'metadata'>;

export interface Settlement {
  /** Where other amounts were used than were reserved. */
  amounts?: Amounts;
  /** Without any, one without a model is written down. */
  attempts?: readonly Attempt[];
}

export interface Metering {
  /**
   * Reserves units of every limit at once, and what a model may cost at most in every budget, or refuses the request and takes
   * nothing. Doing it again with the id of a request in progress continues with that one.
   * @param at instead of the database's own time
   * @throws Problem not-found, organization-suspended, plan-limit-reached, daily-questions-used, monthly-questions-used,
   *   too-many-questions-at-once, units-used, wallet-empty, too-many-at-once, tokens-per-minute-used, price-missing,
   *   budget-exceeded (with the reset)
   */
  reserve(request: ReservationRequest, at?: Date): Promise<Reserved>;
  /**
   * A provider is being called: from now on an end without a word is charged. May run next to the call, but must be done before
   * anything of its result is shown.
   * @param failed the attempt before, which produced nothing and is written down as such
   * @returns the attempt's number
   */
  start(organizationId: string, requestId: string, failed?: FailedAttempt): Promise<number>;
}

export interface MeteringSettings {
  /** Tokens that an organization may use in a minute, by channel. */
  tokensPerMinute: Record<Channel, number>;
}

/** What the database refuses an owner with. */
const refusals = { 'not-found': notFound, 'organization-suspended': organizationSuspended };
type Outcome = { refused: keyof typeof refusals } | Decisions;
interface Decisions {
  at: string;
  plan: Reserved['plan'];
  documentsVersion: number;
  /** The organization's units, then those of the wallet; limits and what is used have the same order. */
  units: string[];
  dayLimits: (number | null)[];
  monthLimits: (number | null)[];
  decisions: {
    refusal: (Refusal & { budget?: BudgetRefusal }) | null;
    targets: string[] | null;
    day: number[];
    month: number[];
  }[];
}

/** Every limit that a request meets is checked in one statement, see `db/functions/commerce/metering/reserve_units.sql`. */
export function createMetering(database: Database, settings: MeteringSettings): Metering {
  const tokensPerMinute = JSON.stringify(settings.tokensPerMinute);

  const together = coalesce(async (key: string, requests: ReservationRequest[]) => {
    const [organizationId = '', walletId = '', secondsOpen = '', at = ''] = key.split(' ');
    const [row] = await database.statement<{ outcome: Outcome }>(
      'select reserve_units($1, $2, $3, $4, $5, $6) as outcome',
      [organizationId, walletId || null, JSON.stringify(requests.map(toRow)), tokensPerMinute, secondsOpen, at || null],
    );
    const outcome = row?.outcome as Outcome;
    return requests.map((request, index) => decide(request, outcome, index));
  }, TOGETHER);

  return {
    async reserve(request, at) {
      const { organizationId, walletId = '' } = request.owner;
      const key = [organizationId, walletId, request.secondsOpen, at?.toISOString() ?? ''].join(' ');
      const decided = await together(key, request);
      if (decided instanceof Problem) throw decided;
      return decided;
    },
    start: (organizationId, requestId, failed) => startAttempt(database, organizationId, requestId, failed),
  };
}

/**
 * `Metering.reserve` in the caller's transaction, so that what is reserved exists exactly when what it pays for does. Locks the
 * organization's row until its end. One that calls a model counts against the tokens of a minute, where these are given.
 */
export async function reserveUnits(
  tx: Transaction,
  request: ReservationRequest,
  tokensPerMinute: Partial<MeteringSettings['tokensPerMinute']> = {},
): Promise<Reserved> {
  const { organizationId, walletId } = request.owner;
  const requests = JSON.stringify([toRow(request)]);
  const perMinute = JSON.stringify(tokensPerMinute);
  const [row] = await tx.execute<{ outcome: Outcome }>(sql`
    select reserve_units(${organizationId}, ${walletId ?? null}, ${requests}, ${perMinute}, ${request.secondsOpen}) as outcome`);
  const decided = decide(request, row?.outcome as Outcome, 0);
  if (decided instanceof Problem) throw decided;
  return decided;
}

const toRow = ({ userId, keyId, requestId, action, amounts, model }: ReservationRequest) => ({
  ...model,
  ...{ id: requestId, person: userId, key: keyId, action, amounts },
});

function decide({ requestId }: ReservationRequest, outcome: Outcome, index: number): Reserved | Problem {
  if ('refused' in outcome) return new Problem(refusals[outcome.refused]);
  const { plan, documentsVersion, units, dayLimits, monthLimits } = outcome;
  const { refusal, targets, day, month } = outcome.decisions[index] as Decisions['decisions'][number];
  const at = new Date(outcome.at);
  if (refusal?.budget) return budgetProblem(refusal.budget, at);
  if (refusal) return refusalProblem(refusal, plan.tier, at);
  const own = units.slice(0, new Set(units).size).map((unit, place) => ({
    unit,
    day: { used: day[place] as number, limit: dayLimits[place] ?? null },
    month: { used: month[place] as number, limit: monthLimits[place] ?? null },
  }));
  return { requestId, at, plan, documentsVersion, units: own, targets: targets ?? [] };
}

/** See `Metering.start`. */
export async function startAttempt(
  database: Database,
  organizationId: string,
  requestId: string,
  failed?: FailedAttempt,
): Promise<number> {
  const [row] = await database.statement<{ attempt: number }>('select begin_attempt($1, $2, $3) as attempt', [
    organizationId,
    requestId,
    failed ? JSON.stringify({ model: failed.model, metadata: failed.metadata ?? {} }) : null,
  ]);
  return row?.attempt as number;
}

const withoutModel = { outcome: 'done', model: null, promptTokens: 0, completionTokens: 0, cachedTokens: 0 } as const;

/**
 * Charges a request with what it used. Locks the organization's row, so it comes last in its transaction. Doing it twice charges
 * once; what was given back before is charged again.
 * @returns budgets that people are to be told of
 */
export const settleUnits = (
  tx: Transaction,
  organizationId: string,
  requestId: string,
  { amounts, attempts }: Settlement = {},
): Promise<SpentBudget[]> => closeUnits(tx, organizationId, requestId, 'settled', attempts ?? [withoutModel], amounts);

/**
 * Gives a request back: nothing came of its attempts, but what they used is still written down.
 * @returns budgets that people are to be told of
 */
export const releaseUnits = (
  tx: Transaction,
  organizationId: string,
  requestId: string,
  { attempts = [] }: Pick<Settlement, 'attempts'> = {},
): Promise<SpentBudget[]> => {
  const failed = attempts.map((attempt): Attempt => ({ ...attempt, outcome: 'failed' }));
  return closeUnits(tx, organizationId, requestId, 'released', failed);
};

async function closeUnits(
  tx: Transaction,
  organizationId: string,
  requestId: string,
  ending: 'settled' | 'released',
  attempts: readonly (Attempt | typeof withoutModel)[],
  amounts?: Amounts,
): Promise<SpentBudget[]> {
  const used = amounts ? JSON.stringify(amounts) : null;
  const [row] = await tx.execute<{ spent: SpentBudget[] | null }>(sql`
    select end_units(${organizationId}, ${requestId}, ${ending}, ${JSON.stringify(attempts)}::jsonb, ${used}::jsonb) -> 'spent' as spent`);
  return row?.spent ?? [];
}
