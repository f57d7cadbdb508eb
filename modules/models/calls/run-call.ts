import type { Database } from '../../../db/client.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { internal, rateLimited, unavailable } from '../../../platform/kernel/problems.ts';
import type { Refused } from '../../../platform/kernel/telemetry/limit-reasons.ts';
import { tokensPerMinuteUsed } from '../../commerce/problems.ts';
import {
  allTargetsAway,
  callInterrupted,
  tooManyCallsAtOnce,
  upstreamFailed,
  upstreamOverloaded,
  upstreamRateLimited,
  upstreamTimeout,
} from '../problems.ts';
import type { CallRow } from './accept-call.ts';
import type { CallMaker, MadeAnswer } from './call-maker.ts';
import {
  beginCall,
  type CallRun,
  type CallWait,
  callTopic,
  endCall,
  isStillOurs,
  isWithoutCharge,
  postponeCall,
} from './change-call.ts';
import { retryDelayMs, waitAgainMs } from './retry-delay.ts';
import type { Share, SharePriority } from './share.ts';
import { writeCallProblem } from './write-problem.ts';

export interface RunDeps {
  database: Database;
  queue: Queue;
  feed: Feed;
  maker: CallMaker;
  share: Share;
}

/** What a delivery of a job gives to the work on it. */
export interface CallAttempt {
  signal: AbortSignal;
  log: Log;
  refused: Refused;
}

/** `later`: to be run again after so long. */
export type RunEnd = { kind: 'over' } | { kind: 'later'; waitMs: number };

/** Hours after which a call is tried no more. */
const TRIED_HOURS = 24;
/** Attempts that an upstream fails; the caller's own limits are waited for without counting. */
const MOST_FAILURES = 10;
/** How soon it is seen that a call was cancelled, should the announcement of it be lost. */
const LOOK_MS = 10_000;

const ownLimits = [rateLimited, tooManyCallsAtOnce, tokensPerMinuteUsed, unavailable];
const failures = [upstreamFailed, upstreamTimeout, upstreamOverloaded, upstreamRateLimited, allTargetsAway];

/**
 * Runs a call once. The upstream is asked again only after an attempt of which the books say that nothing came: a process that is killed
 * after the reservation leaves a call that ends as `call-interrupted`, charged once.
 */
export async function runCall(
  deps: RunDeps,
  { organizationId, callId }: { organizationId: string; callId: string },
  { signal, log, refused, priority }: CallAttempt & { priority: SharePriority },
): Promise<RunEnd> {
  const { database, queue, maker, share } = deps;
  const call: CallRun = { id: callId, run: crypto.randomUUID() };
  const step = <T>(work: Parameters<typeof database.tenant<T>>[1]) => database.tenant(organizationId, work);
  using _place = await share.take(await maker.limit(), priority, signal);
  const found = await step((tx) => beginCall(tx, call, new Date()));
  if (found.kind === 'over') return { kind: 'over' };
  if (found.kind === 'early') return { kind: 'later', waitMs: found.waitMs };
  if (found.kind === 'interrupted') {
    const { requestId, run } = found.call;
    log.warn({ call: callId }, 'Call: its process ended in the middle; it is not repeated');
    const answer = writeCallProblem(new Problem(callInterrupted), requestId);
    await step((tx) => endCall(tx, queue, { id: callId, run: run ?? '' }, { state: 'failed', ...answer }));
    return { kind: 'over' };
  }
  const row = found.call;
  const restMs = maker.restMs(row);
  if (restMs > 0) {
    await step((tx) => postponeCall(tx, call, { waitMs: restMs, isCounted: false }));
    return { kind: 'later', waitMs: restMs };
  }
  // Awaited, or its place would be free before it is over.
  return await finish(deps, row, call, { signal, log, refused });
}

async function finish(
  deps: RunDeps,
  row: CallRow & { body: string },
  call: CallRun,
  { signal, log, refused }: CallAttempt,
): Promise<RunEnd> {
  const { database, queue, maker } = deps;
  const { organizationId, requestId } = row;
  const step = <T>(work: Parameters<typeof database.tenant<T>>[1]) => database.tenant(organizationId, work);
  const end = (state: 'done' | 'failed', answer: MadeAnswer) =>
    step((tx) => endCall(tx, queue, call, { state, ...answer }));
  await using cancelling = watchCancel(deps, organizationId, call, signal);
  try {
    const answer = await maker.make({ ...row, signal: cancelling.signal });
    await end(answer.status < 400 ? 'done' : 'failed', answer);
    return { kind: 'over' };
  } catch (error) {
    if (cancelling.isCancelled()) return { kind: 'over' };
    if (error instanceof Problem) refused(error, organizationId);
    const wait = await step(async (tx) => {
      const found = waitAfter(error, row);
      // What came of an answer that broke off is charged, and must not be made again.
      if (!found || !(await isWithoutCharge(tx, requestId))) return undefined;
      await postponeCall(tx, call, found);
      return found;
    });
    if (wait) return { kind: 'later', waitMs: wait.waitMs };
    if (!(error instanceof Problem)) log.error({ error, call: call.id }, 'Call: failed');
    const problem = error instanceof Problem ? error : new Problem(internal, { cause: error });
    await end('failed', writeCallProblem(problem, requestId));
    return { kind: 'over' };
  }
}

/** When a call may be tried again; undefined when that is of no use. */
function waitAfter(error: unknown, { attempts, createdAt }: CallRow): CallWait | undefined {
  const ageMs = Date.now() - createdAt.getTime();
  if (ageMs > TRIED_HOURS * 3_600_000) return undefined;
  const isOwn = isProblem(error, ...ownLimits);
  if (!isOwn && !(isProblem(error, ...failures) && attempts < MOST_FAILURES)) return undefined;
  const asked = Number((error as Problem).headers['retry-after'] ?? 0) * 1000;
  return { waitMs: Math.max(isOwn ? waitAgainMs(ageMs) : retryDelayMs(attempts), asked), isCounted: !isOwn };
}

/** Aborts when the call is cancelled, or another run has it. */
function watchCancel({ database, feed }: RunDeps, organizationId: string, call: CallRun, signal: AbortSignal) {
  const over = new AbortController();
  const cancelled = new AbortController();
  const watching = (async () => {
    using changes = await feed.subscribe(callTopic, call.id);
    while (!over.signal.aborted) {
      const isOurs = await database.tenant(organizationId, (tx) => isStillOurs(tx, call));
      if (!isOurs) return cancelled.abort();
      await changes.next(LOOK_MS, over.signal);
    }
  })();
  return {
    signal: AbortSignal.any([signal, cancelled.signal]),
    isCancelled: () => cancelled.signal.aborted,
    async [Symbol.asyncDispose]() {
      over.abort();
      // Without a database the watch ends, and the call is not stopped.
      await watching.catch(() => {});
    },
  };
}
