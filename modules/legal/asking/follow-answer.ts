import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../../../platform/capabilities/event-log/index.ts';
import type { Idempotency, RequestOwner } from '../../../platform/capabilities/idempotency/index.ts';
import { Problem, type ProblemDefinition, type ProblemParameters } from '../../../platform/kernel/problem.ts';
import { idempotencyConflict, idempotencyMismatch, unavailable } from '../../../platform/kernel/problems.ts';
import { resultOf } from '../../../platform/kernel/result-of.ts';
import { answerInterrupted } from '../problems.ts';
import type { Answer } from './answer.ts';
import type { AskEvent } from './produce-answer.ts';

/** A problem as other processes read it. */
export interface RecordedProblem {
  definition: ProblemDefinition;
  parameters: ProblemParameters;
  headers: Record<string, string>;
}

/** What followers read of a run: its events, and how it ended. */
export type RecordedEvent = AskEvent | { type: 'ended' } | { type: 'failed'; problem: RecordedProblem };

export interface FollowDeps {
  idempotency: Idempotency;
  eventLog: EventLog;
}

/** A request that another one with the same key is already being answered for. */
export interface FollowedRequest {
  owner: RequestOwner;
  key: string;
  fingerprint: string;
  /** Whether the follower shows the events, and not the answer alone. */
  showsEvents: boolean;
}

/** Between two looks for events. */
const EVENTS_MS = 40;
/** Between two looks at the request itself, while no event comes. */
const LOOK_MS = 1_000;
/** The same while Redis is unavailable, and no event can come. */
const ALONE_MS = 200;

/**
 * The events of an answer that another request is being given, from the first one on, and then that answer. A follower that leaves ends
 * nothing but itself.
 * @returns undefined when the process of the followed request ended before anything was shown, so that the answer can be begun again
 * @throws Problem what the followed request failed with; answer-interrupted when its process ended after that, or after it was asked
 * to stop; idempotency-mismatch for another request; the signal's reason once it aborts
 */
export async function* followAnswer(
  { idempotency, eventLog }: FollowDeps,
  { owner, key, fingerprint, showsEvents }: FollowedRequest,
  signal: AbortSignal,
): AsyncGenerator<AskEvent, Answer | undefined> {
  let run: string | undefined;
  let at = 0;
  while (true) {
    const request = await idempotency.look(owner, key);
    if (request && request.fingerprint !== fingerprint) throw new Problem(idempotencyMismatch);
    if (at === 0) run = request?.run;
    const ours = request?.run === run ? request : undefined;
    const isRunning = ours?.state === 'running';
    const events = readEvents(eventLog, run ?? '', { from: at, waitMs: isRunning ? LOOK_MS : 0, signal });
    const read = showsEvents ? yield* events : await resultOf(events);
    at = read.at;
    if (ours?.state === 'done') return ours.result as Answer;
    if (!isRunning) {
      // Whose key is gone may have been stopped, with no event to say so.
      const mayBegin = run === undefined || (request && !ours?.isStopAsked);
      if (mayBegin && !(showsEvents && at > 0)) return undefined;
      throw new Problem(answerInterrupted, { headers: { 'retry-after': '1' } });
    }
    if (!read.isAvailable) await sleep(ALONE_MS, undefined, { signal });
  }
}

/**
 * Events from a position on, until the last one or until none has come for a time.
 * @returns the position behind them, and whether there is a log at all
 */
async function* readEvents(
  eventLog: EventLog,
  run: string,
  { from, waitMs, signal }: { from: number; waitMs: number; signal: AbortSignal },
): AsyncGenerator<AskEvent, { at: number; isAvailable: boolean }> {
  let at = from;
  let last = performance.now();
  while (true) {
    signal.throwIfAborted();
    const events = (await eventLog.read(run, at)) as RecordedEvent[] | undefined;
    if (!events) return { at, isAvailable: false };
    for (const event of events) {
      at += 1;
      if (event.type === 'failed') {
        const { definition, ...options } = event.problem;
        // What failed for want of a server could not give its key back either: until its lease ends the request counts as in progress.
        throw new Problem(definition.type === unavailable.type ? idempotencyConflict : definition, options);
      }
      if (event.type === 'ended') return { at, isAvailable: true };
      yield event;
    }
    if (events.length > 0) last = performance.now();
    else if (performance.now() - last >= waitMs) return { at, isAvailable: true };
    else await sleep(EVENTS_MS, undefined, { signal });
  }
}
