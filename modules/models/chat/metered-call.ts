import type { Database, Transaction } from '../../../db/client.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { idempotencyConflict } from '../../../platform/kernel/problems.ts';
import type { Metrics } from '../../../platform/kernel/telemetry/metrics.ts';
import { tellBudget } from '../../commerce/budgets/tell-budget.ts';
import {
  type Admission,
  type AdmissionRequest,
  type Admitted,
  type Attempt,
  releaseUnits,
  settleUnits,
  startAttempt,
} from '../../commerce/metering/index.ts';
import { AiFailure } from '../ai-failure.ts';
import { aiBrokeOff } from '../problems.ts';
import type { Route } from '../routing/route.ts';
import type { Turn, TurnRefusal } from '../upstream/upstream-state.ts';
import type { CalledTarget, ChatCall, ChatEvent, TokenUsage } from './chat-model.ts';
import { estimateUsage } from './estimate-tokens.ts';
import { LONGEST_WAIT_MS, mayAnotherKeyHelp, mayRepeat, notAsked, takeTurn, type WaitingCall } from './next-call.ts';

export interface MeteredDeps {
  database: Database;
  admission: Admission;
  /** For letters about budgets. */
  notifications: Notifications;
  metrics: Metrics;
}

/** How the last call of a model ended. `error` is missing when its answer is complete, `attempt` when no call could be made. */
export interface Said {
  text: string;
  attempt?: Attempt;
  error?: unknown;
  /** Why no call could be made, where its turn was refused. */
  refusal?: TurnRefusal;
  /** Which of the calls it was. */
  at: number;
}

/** A reserved request. It ends once: by its work, or when that throws. */
export interface ReservedCall {
  /** Calls of models so far. */
  readonly calls: number;
  /**
   * Makes the first of the calls, and the next one only while nothing of an answer was seen and the rule of the route allows it; those
   * that may not be made now are passed over. Where only the key is to blame, the same call is made with another one first. This is the
   * only layer that repeats a call, and each has a cost row. Never throws what a provider does: the last event says how it ended.
   */
  ask(
    calls: readonly ChatCall[],
    signal: AbortSignal,
    retry: Route['retry'],
  ): AsyncGenerator<ChatEvent | ({ type: 'ended' } & Said)>;
  /** The answer cost no call of a model, such as one from the cache. */
  answerWithout(target: CalledTarget): void;
  /**
   * Charges what was used, in the transaction that stores the answer, and writes to whom a budget that is nearly or wholly spent
   * concerns. Locks the organization's row, so it comes last.
   */
  settle(tx: Transaction, metadata: Record<string, unknown>): Promise<void>;
  /** Gives back what was reserved, as `settle` charges it: nothing came of the calls, whose costs are written down all the same. */
  giveBack(tx: Transaction): Promise<void>;
}

export interface MeteredCall extends ReservedCall {
  readonly admitted: Admitted;
}

/** Thrown by work that waits for its turn elsewhere: it begins again under the same id, and what was reserved for it stays. */
export class Postponed extends Error {
  override readonly name = 'Postponed';
  readonly seconds: number;
  constructor(seconds: number) {
    super(`Postponed by ${seconds} s`);
    this.seconds = seconds;
  }
}

export type ReservedDeps = Omit<MeteredDeps, 'admission'>;

interface Reservation {
  organizationId: string;
  requestId: string;
}

const requests = { name: 'ai_requests_total', description: 'Questions put to an AI provider' };
const tokens = { name: 'openai_tokens_total', description: 'Tokens an AI provider counted' };

export const noTokens: TokenUsage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

/**
 * One request that costs: reserved against every limit, answered by one or more calls of models, settled. Work whose reader
 * leaves is charged with what was said so far.
 * @throws Problem those of `Admission.admit`; `ai-broke-off` when a provider broke off in the middle, which is charged
 */
export async function* meteredCall<E, T>(
  deps: MeteredDeps,
  request: AdmissionRequest,
  work: (call: MeteredCall) => AsyncGenerator<E, T>,
): AsyncGenerator<E, T> {
  const { organizationId } = request.caller;
  const admitted = await deps.admission.admit(request);
  const reservation = { organizationId, requestId: admitted.requestId };
  const attempts: Attempt[] = [];
  const isBroken = () => attempts.some(({ outcome }) => outcome === 'broken');
  const call = Object.assign(createCall(deps, reservation, attempts), { admitted });
  try {
    return yield* endingOnce(deps, reservation, attempts, work(call), () => (isBroken() ? settleUnits : releaseUnits));
  } catch (error) {
    if (isBroken() && error instanceof AiFailure) throw new Problem(aiBrokeOff, { cause: error });
    throw error;
  }
}

/**
 * The same for a request that was reserved before, such as in the transaction that stores what it is for, and whose result is shown when it
 * is whole: work that throws is given back, whatever was said.
 */
export async function* reservedCall<E, T>(
  deps: ReservedDeps,
  reservation: Reservation,
  work: (call: ReservedCall) => AsyncGenerator<E, T>,
): AsyncGenerator<E, T> {
  const attempts: Attempt[] = [];
  const call = createCall(deps, reservation, attempts);
  return yield* endingOnce(deps, reservation, attempts, work(call), () => releaseUnits);
}

/** Closes a request whose work did not end it. */
async function* endingOnce<E, T>(
  deps: ReservedDeps,
  { organizationId, requestId }: Reservation,
  attempts: Attempt[],
  work: AsyncGenerator<E, T>,
  closing: () => typeof settleUnits | typeof releaseUnits,
): AsyncGenerator<E, T> {
  let ended = false;
  try {
    const result = yield* work;
    ended = true;
    return result;
  } catch (error) {
    // A later request took the key over, and with it the reservation, which it continues.
    ended = isProblem(error, idempotencyConflict) || error instanceof Postponed;
    throw error;
  } finally {
    if (!ended) {
      const closed = { organizationId, requestId, attempts };
      await deps.database.tenant(organizationId, (tx) => closeAndTell(deps, tx, closing(), closed));
    }
  }
}

function createCall(deps: ReservedDeps, { organizationId, requestId }: Reservation, attempts: Attempt[]): ReservedCall {
  return {
    get calls() {
      return attempts.length;
    },
    async *ask(calls, signal, retry) {
      const deadline = performance.now() + retry.budgetMs;
      let made = 0;
      let said: Said | undefined;
      let refusal: TurnRefusal | undefined;
      const waiting = calls.map((call, at): WaitingCall => ({ call, at, waitMs: 0, usedKeys: [] }));
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { call, at, waitMs, usedKeys } = next;
        if (made > 0 && (made >= retry.attempts || performance.now() >= deadline)) break;
        if (said && !(await mayRepeat(said, calls[said.at], next, { on: retry.on, signal }))) break;
        const turn = await takeTurn(next, signal);
        if (turn instanceof AiFailure) {
          said = { text: '', at, error: turn };
          break;
        }
        if (turn && 'reason' in turn) {
          refusal = turn;
          // Others are asked first.
          const isWorthWaiting = turn.reason === 'full' && waitMs === 0 && usedKeys.length === 0;
          if (isWorthWaiting) waiting.push({ ...next, waitMs: LONGEST_WAIT_MS });
          continue;
        }
        made += 1;
        said = yield* attemptOnce(deps, { organizationId, requestId, call, at, attempts, turn }, signal);
        // One attempt is left for the next model.
        const isLeft = retry.attempts - made > 1 || waiting.length === 0;
        if (turn && isLeft && mayAnotherKeyHelp(said)) {
          waiting.unshift({ ...next, waitMs: 0, usedKeys: [...usedKeys, turn.key.id] });
        }
      }
      const unasked = { text: '', at: 0, error: notAsked(calls, refusal), ...(refusal && { refusal }) };
      yield { type: 'ended', ...(said ?? unasked) };
    },
    answerWithout(target) {
      attempts.push({ outcome: 'cached', model: target.price, ...noTokens, metadata: aboutTarget(target) });
    },
    settle(tx, metadata) {
      const last = attempts.at(-1);
      if (last) last.metadata = { ...last.metadata, ...metadata };
      return closeAndTell(deps, tx, settleUnits, { organizationId, requestId, attempts });
    },
    giveBack: (tx) => closeAndTell(deps, tx, releaseUnits, { organizationId, requestId, attempts }),
  };
}

async function closeAndTell(
  { notifications }: Pick<MeteredDeps, 'notifications'>,
  tx: Transaction,
  close: typeof settleUnits | typeof releaseUnits,
  { organizationId, requestId, attempts }: { organizationId: string; requestId: string; attempts: Attempt[] },
): Promise<void> {
  const spent = await close(tx, organizationId, requestId, { attempts });
  for (const budget of spent) await tellBudget(tx, notifications, organizationId, budget);
}

const aboutTarget = ({ route, target, provider }: CalledTarget) => ({ route, target, provider });

interface OneAttempt {
  organizationId: string;
  requestId: string;
  call: ChatCall;
  at: number;
  attempts: Attempt[];
  turn: Turn | undefined;
}

/**
 * Calls a model and records that the call began, which is certain before the first piece of the answer is passed on. An answer
 * that broke off costs what came of it; one that its provider withdrew, or that never began, costs nothing.
 */
async function* attemptOnce(
  { database, metrics }: ReservedDeps,
  { organizationId, requestId, call, at, attempts, turn }: OneAttempt,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, Said> {
  const { model } = call.request;
  const starting = startAttempt(database, organizationId, requestId, attempts.at(-1));
  starting.catch(() => {}); // awaited below, whatever comes first
  let text = '';
  let usage: TokenUsage | undefined;
  let error: unknown = new AiFailure('cancelled', `Ask model "${model}": its reader left`);
  let said: Said | undefined;
  try {
    for await (const event of call.chat.stream(call.request, { signal, turn })) {
      await starting;
      if (event.type === 'usage') usage = event;
      else if (event.type === 'text') text += event.text;
      else if (event.type === 'tool-call') text += event.call.name + event.call.arguments;
      yield event;
    }
    error = undefined;
  } catch (thrown) {
    error = thrown;
  } finally {
    // Also when the reader of these events left.
    const attempt = await starting;
    const nothing = text === '' || (error instanceof AiFailure && error.reason === 'withdrawn');
    const failed = error !== undefined && nothing;
    const used = failed ? noTokens : pick(usage ?? estimateUsage(call.request.messages, text));
    if (!failed) {
      const labels = { model, organization: organizationId };
      metrics.count(requests, labels);
      metrics.count(tokens, labels, used.promptTokens + used.completionTokens);
    }
    const outcome = failed ? 'failed' : error === undefined ? 'done' : 'broken';
    const made: Attempt = {
      ...{ attempt, outcome, model: call.target?.price ?? model, ...used },
      ...(call.target && { metadata: aboutTarget(call.target) }),
    };
    said = { text, at, attempt: made, ...(error !== undefined && { error }) };
    attempts.push(made);
  }
  return said;
}

const pick = ({ promptTokens, completionTokens, cachedTokens }: TokenUsage): TokenUsage => ({
  promptTokens,
  completionTokens,
  cachedTokens,
});
