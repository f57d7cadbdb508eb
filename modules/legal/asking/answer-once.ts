import type { IdempotentRequest, Keep, RequestOwner } from '../../../platform/capabilities/idempotency/index.ts';
import { isProblem } from '../../../platform/kernel/problem.ts';
import { idempotencyConflict } from '../../../platform/kernel/problems.ts';
import { toProblem } from '../../../platform/runtime/http/to-problem.ts';
import type { Answer } from './answer.ts';
import { type FollowDeps, followAnswer, type RecordedEvent } from './follow-answer.ts';
import type { AskEvent } from './produce-answer.ts';
import { type StopDeps, watchStop } from './watch-stop.ts';

export interface OnceDeps extends FollowDeps, StopDeps {
  /** Answers whose clients may have left; the process stays for them. */
  inProgress: Set<Promise<unknown>>;
}

interface Once {
  owner: RequestOwner;
  request: IdempotentRequest;
  /** Aborts when this client leaves. */
  client: AbortSignal;
  /** Longest time that an answer takes, in seconds. */
  seconds: number;
  /** Whether this client sees the events, and not the answer alone. */
  showsEvents: boolean;
}

/** @param stop aborts when the client leaves, or with a key when its owner asks for the answer to stop */
type Work = (keep: Keep<Answer>, stop: AbortSignal) => AsyncGenerator<AskEvent, Answer>;

/**
 * Answers once for a key. A request with a key is answered to its end though its client leaves, can be stopped, and is followed by those that
 * repeat it, in any process: they get its events from the first one on. When its process ends before they have shown any, the first of them
 * begins the answer again.
 * @throws Problem what `work` and `followAnswer` throw
 */
export async function* answerOnce(
  deps: OnceDeps,
  { owner, request, client, seconds, showsEvents }: Once,
  work: Work,
): AsyncGenerator<AskEvent, Answer> {
  const { key, fingerprint } = request;
  if (key === undefined) return yield* work(async () => {}, client);
  while (true) {
    let begun = false;
    try {
      return yield* deps.idempotency.stream<AskEvent, Answer>(owner, request, (keep, run) => {
        begun = true;
        return record(deps, { owner, key, run, seconds }, (stop) => work(keep, stop));
      });
    } catch (error) {
      if (begun || !isProblem(error, idempotencyConflict)) throw error;
    }
    const answer = yield* followAnswer(deps, { owner, key, fingerprint, showsEvents }, client);
    if (answer) return answer;
  }
}

interface Run {
  owner: RequestOwner;
  key: string;
  run: string;
  seconds: number;
}

/** Work whose events others can follow, and that they can stop. */
async function* record(
  deps: OnceDeps,
  { owner, key, run, seconds }: Run,
  work: (stop: AbortSignal) => AsyncGenerator<AskEvent, Answer>,
): AsyncGenerator<AskEvent, Answer> {
  const ended = Promise.withResolvers<void>();
  deps.inProgress.add(ended.promise);
  const log = deps.eventLog.open(run, seconds);
  const push = (event: RecordedEvent) => log.push(event);
  try {
    await using stopping = watchStop(deps, owner, { key, run });
    const events = work(stopping.signal);
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      push(next.value);
      yield next.value;
    }
    push({ type: 'ended' });
    return next.value;
  } catch (error) {
    const { definition, parameters, headers } = toProblem(error);
    push({ type: 'failed', problem: { definition, parameters, headers } });
    throw error;
  } finally {
    void log.close().finally(() => {
      deps.inProgress.delete(ended.promise);
      ended.resolve();
    });
  }
}
