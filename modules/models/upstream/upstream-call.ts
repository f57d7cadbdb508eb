import { AiFailure } from '../ai-failure.ts';
import type { CallOutcome } from './circuit-breaker.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** One call to an upstream: admitted by the breaker, watched over, settled once. */
export interface UpstreamCall {
  readonly watchdog: Watchdog;
  succeed(): void;
  /** Settles the call by its failure, which it returns to be thrown. */
  fail(error: unknown): AiFailure;
  /** Must run in the end; a call that neither succeeded nor failed was abandoned by its caller. */
  close(): void;
}

/** @throws AiFailure `unreachable` where the breaker lets no call through */
export function openCall(options: {
  /** What is tried, for messages. */
  action: string;
  /** Settles the call with its breaker; undefined where that lets no call through. */
  settle: ((outcome: CallOutcome) => void) | undefined;
  totalMs: number;
  caller: AbortSignal | undefined;
  toFailure: (error: unknown, verdict: ReturnType<Watchdog['verdict']>, action: string) => AiFailure;
}): UpstreamCall {
  const { action, settle, toFailure } = options;
  if (!settle) {
    const why = 'not tried, too many calls failed just now';
    throw new AiFailure('unreachable', `${action}: ${why}`, { upstream: 'not-asked' });
  }
  const watchdog = createWatchdog(options);
  return {
    watchdog,
    succeed: () => settle('success'),
    fail(error) {
      const failure = toFailure(error, watchdog.verdict(), action);
      // A server that refuses a request is alive; a call that its caller cancelled shows nothing.
      if (failure.reason === 'refused') settle('success');
      else settle(failure.reason === 'cancelled' ? 'abandoned' : 'failure');
      return failure;
    },
    close() {
      settle('abandoned');
      watchdog.close();
    },
  };
}
