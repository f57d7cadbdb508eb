import { Problem, type ProblemDefinition } from '../../../platform/kernel/problem.ts';
import {
  allTargetsAway,
  contextTooLong,
  responseTooLarge,
  streamInterrupted,
  upstreamFailed,
  upstreamOverloaded,
  upstreamRateLimited,
  upstreamRefused,
  upstreamTimeout,
} from '../problems.ts';
import type { UpstreamFailure } from '../providers/adapter.ts';
import type { AttemptFailure } from './attempt-failure.ts';

/** What the caller is told of the last attempt. */
export function problemOf(failed: AttemptFailure, isCommitted: boolean): Problem {
  const { failure, problem } = failed;
  const definition = problem ?? definitionOf(failure, isCommitted);
  if (definition === upstreamRateLimited) return retryable(definition, failure.retryAfterMs ?? 1_000, failed);
  return new Problem(definition, { parameters: parametersOf(definition, failed), cause: failed });
}

/** @param retryAfterMs until the first target may be asked again */
export const allAway = (retryAfterMs: number): Problem => retryable(allTargetsAway, retryAfterMs);

function retryable(definition: ProblemDefinition, retryAfterMs: number, cause?: unknown): Problem {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new Problem(definition, { parameters: { seconds }, headers: { 'Retry-After': String(seconds) }, cause });
}

function parametersOf(definition: ProblemDefinition, { failure, limitBytes = 0 }: AttemptFailure) {
  if (definition === responseTooLarge) return { limit: limitBytes };
  if (definition !== upstreamRefused) return {};
  return {
    reason: failure.detail ?? failure.code ?? 'invalid request',
    ...(failure.parameter !== undefined && { parameter: failure.parameter }),
  };
}

function definitionOf({ reason, status }: UpstreamFailure, isCommitted: boolean): ProblemDefinition {
  switch (reason) {
    case 'rate-limited':
      return upstreamRateLimited;
    case 'overloaded':
      return upstreamOverloaded;
    case 'timeout':
      return upstreamTimeout;
    case 'refused':
      return upstreamRefused;
    case 'too-long':
      return contextTooLong;
    default:
      if (status === 503) return upstreamOverloaded;
      if (status === 504) return upstreamTimeout;
      return isCommitted ? streamInterrupted : upstreamFailed;
  }
}
