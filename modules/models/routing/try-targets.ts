import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { unsupportedParameter } from '../problems.ts';
import type { Turn, TurnRefusal, UpstreamState } from '../upstream/upstream-state.ts';
import { Attempt } from './attempt.ts';
import { AttemptFailure, toAttemptFailure } from './attempt-failure.ts';
import type { Asked, AttemptReport } from './contract.ts';
import { isRepeatable, mayNextKeyHelp } from './is-repeatable.ts';
import { lacking, type Need } from './needed-abilities.ts';
import { onAbort } from './on-abort.ts';
import { orderTargets } from './order-targets.ts';
import { allAway, problemOf } from './problem-of.ts';
import type { Route, Target } from './route.ts';
import type { TurnEnds } from './turn-end.ts';
import type { Wheel } from './wheel.ts';

/** Longest wait for a key that is in use, once no other target is left. */
const LONGEST_WAIT_MS = 5_000;

export interface Trying {
  state: UpstreamState;
  wheel: Wheel;
  turnEnds: TurnEnds;
  random?: (() => number) | undefined;
}

/** What is done with a target. The attempt is sent, watched and measured by it. */
export type Operate<T> = (attempt: Attempt) => Promise<T>;

/**
 * Asks one target after another until one succeeds, none twice except with another key, within the attempts and the time of the route.
 * Once an attempt is committed it is the last.
 * @throws Problem of the last attempt; all-targets-away when there was none; the signal's reason once it aborts
 */
export async function tryTargets<T>(
  trying: Trying,
  asked: Asked,
  needs: readonly Need[],
  operate: Operate<T>,
): Promise<T> {
  const different = asked.targets.filter(({ name }, index, all) => all.findIndex((one) => one.name === name) === index);
  const targets = orderTargets(asked.route, different, trying.random);
  const able = ableTargets(asked.route, targets, needs);
  if (able.length === 0) throw lackOf(needs, targets);
  return new Trial(trying, asked, operate).run(able);
}

/** Those that can do all, then those that can answer without what they lack, where the route allows it. */
function ableTargets({ drop }: Route, targets: readonly Target[], needs: readonly Need[]): Target[] {
  const able = targets.filter((target) => lacking(needs, target).length === 0);
  if (!drop) return able;
  const partly = (target: Target) => !able.includes(target) && lacking(needs, target).every(({ leaveOut }) => leaveOut);
  return [...able, ...targets.filter(partly)];
}

/** Names what the most able target cannot do. */
function lackOf(needs: readonly Need[], targets: readonly Target[]): Problem {
  if (targets.length === 0) return allAway(1_000);
  const lacks = targets.map((target) => lacking(needs, target));
  const least = lacks.reduce((best, lack) => (lack.length < best.length ? lack : best));
  return new Problem(unsupportedParameter, { parameters: { parameter: least[0]?.parameter ?? 'model' } });
}

type Outcome<T> = { value: T } | { refusal: TurnRefusal } | undefined;

class Trial<T> {
  readonly #trying: Trying;
  readonly #asked: Asked;
  readonly #operate: Operate<T>;
  readonly #deadline: number;
  #attempts = 0;
  #last: AttemptFailure | undefined;
  #unsupported: Problem | undefined;
  #retryAfterMs = Number.POSITIVE_INFINITY;

  constructor(trying: Trying, asked: Asked, operate: Operate<T>) {
    this.#trying = trying;
    this.#asked = asked;
    this.#operate = operate;
    this.#deadline = performance.now() + asked.route.retry.budgetMs;
  }

  async run(targets: readonly Target[]): Promise<T> {
    const full: Target[] = [];
    for (const [index, target] of targets.entries()) {
      if (!this.#mayGoOn()) break;
      const outcome = await this.#tryTarget(target, 0, index === targets.length - 1);
      if (outcome && 'value' in outcome) return outcome.value;
      if (outcome?.refusal.reason === 'full') full.push(target);
    }
    for (const [index, target] of full.entries()) {
      if (!this.#mayGoOn()) break;
      const waitMs = Math.min(LONGEST_WAIT_MS, this.#deadline - performance.now());
      const outcome = await this.#tryTarget(target, waitMs, index === full.length - 1);
      if (outcome && 'value' in outcome) return outcome.value;
    }
    if (this.#last) throw problemOf(this.#last, false);
    if (this.#unsupported && !Number.isFinite(this.#retryAfterMs)) throw this.#unsupported;
    throw allAway(Number.isFinite(this.#retryAfterMs) ? this.#retryAfterMs : 1_000);
  }

  #mayGoOn(): boolean {
    const { attempts } = this.#asked.route.retry;
    return this.#attempts === 0 || (this.#attempts < attempts && performance.now() < this.#deadline);
  }

  /** Asks with one key after another, as long as an attempt is left for the next target. */
  async #tryTarget(target: Target, waitMs: number, isLast: boolean): Promise<Outcome<T>> {
    const { route, signal } = this.#asked;
    const { name, keys } = target.provider;
    const used = new Set<string>();
    while (this.#mayGoOn()) {
      const turn = await this.#trying.state.begin(
        { target: target.name, provider: name, keys },
        { waitMs: used.size === 0 ? waitMs : 0, signal },
      );
      if ('reason' in turn) {
        this.#retryAfterMs = Math.min(this.#retryAfterMs, turn.retryAfterMs);
        return used.size === 0 ? { refusal: turn } : undefined;
      }
      if (used.has(turn.key.id)) {
        turn.end({ outcome: 'abandoned' });
        return undefined;
      }
      used.add(turn.key.id);
      const outcome = await this.#attempt(target, turn);
      if (outcome) return outcome;
      const left = route.retry.attempts - this.#attempts;
      if (!this.#last || !mayNextKeyHelp(this.#last.failure) || keys.length <= used.size) return undefined;
      if (left < 2 && !isLast) return undefined;
    }
    return undefined;
  }

  async #attempt(target: Target, turn: Turn): Promise<Outcome<T>> {
    const { wheel, turnEnds } = this.#trying;
    const { signal, route } = this.#asked;
    const attempt = new Attempt(target, turn.key);
    const letGo = onAbort(signal, () => attempt.cancel());
    wheel.add(attempt);
    this.#attempts += 1;
    let value: T;
    try {
      value = await this.#operate(attempt);
    } catch (error) {
      if (error instanceof Problem && !attempt.isSent) {
        turn.end({ outcome: 'abandoned' });
        return this.#unsent(error);
      }
      const failed = attempt.verdict ? new AttemptFailure(attempt.verdict) : toAttemptFailure(error, attempt.status);
      turn.end(failed ? turnEnds.failure(target.name, turn.key.id, failed) : { outcome: 'abandoned' });
      this.#report(attempt, attempt.isCommitted ? 'broken' : 'failed', failed);
      if (signal.aborted) throw signal.reason;
      if (!failed) throw error;
      if (attempt.isCommitted || !isRepeatable(failed, route.retry.on)) {
        throw problemOf(failed, attempt.isCommitted);
      }
      this.#last = failed;
      return undefined;
    } finally {
      wheel.delete(attempt);
      letGo();
    }
    turn.end(turnEnds.success(target.name, turn.key.id));
    this.#report(attempt, 'done');
    return { value };
  }

  /** The request cannot be put to this target, perhaps to another. */
  #unsent(problem: Problem): undefined {
    this.#attempts -= 1;
    if (!isProblem(problem, unsupportedParameter)) throw problem;
    this.#unsupported ??= problem;
  }

  #report(attempt: Attempt, outcome: AttemptReport['outcome'], failed?: AttemptFailure): void {
    const reason = failed?.failure.reason;
    this.#asked.onAttempt({
      attempt: this.#attempts,
      target: attempt.target,
      outcome,
      usage: attempt.usage,
      characters: attempt.characters,
      status: attempt.status,
      firstMs: attempt.firstMs,
      ms: Math.round(performance.now() - attempt.startedAt),
      chunks: attempt.chunks,
      malformed: attempt.malformed,
      ...attempt.facts,
      ...(failed && { reason, code: failed.failure.code ?? reason }),
    });
  }
}
