import { isProblem, type ProblemDefinition } from '../../../platform/kernel/problem.ts';
import { invalidUpstreamAnswer, responseTooLarge } from '../problems.ts';
import type { UpstreamFailure } from '../providers/adapter.ts';
import { UpstreamError } from '../providers/upstream-error.ts';
import { EventTooLarge } from '../upstream/event-framer.ts';
import { toTransportFailure } from '../upstream/transport-failure.ts';

/** An attempt that did not succeed. */
export class AttemptFailure extends Error {
  readonly failure: UpstreamFailure;
  /** Where the failure alone does not say it. */
  readonly problem: ProblemDefinition | undefined;
  /** The limit that the answer exceeds. */
  readonly limitBytes: number | undefined;

  constructor(
    failure: UpstreamFailure,
    problem?: ProblemDefinition,
    { limitBytes, ...options }: ErrorOptions & { limitBytes?: number } = {},
  ) {
    super(`Ask a provider: ${failure.code ?? failure.reason}`, options);
    this.name = 'AttemptFailure';
    this.failure = failure;
    this.problem = problem;
    this.limitBytes = limitBytes;
  }
}

/** What a failure means, however it is known. */
export type KnownFailure = Pick<AttemptFailure, 'failure'> & Partial<Pick<AttemptFailure, 'problem'>>;

/** The upstream sent what cannot be read. */
export const unreadable = (status: number | undefined, cause?: unknown): AttemptFailure =>
  new AttemptFailure({ reason: 'broken', status, code: 'invalid_upstream_answer' }, invalidUpstreamAnswer, { cause });

export const tooLarge = (status: number | undefined, limitBytes: number): AttemptFailure =>
  new AttemptFailure({ reason: 'broken', status, code: 'response_too_large' }, responseTooLarge, { limitBytes });

/** What an error means that came up while an attempt was made; undefined for one that is not about the upstream. */
export function toAttemptFailure(error: unknown, status: number | undefined): AttemptFailure | undefined {
  if (error instanceof AttemptFailure) return error;
  if (error instanceof UpstreamError) return new AttemptFailure(error.failure, undefined, { cause: error });
  if (error instanceof EventTooLarge || isProblem(error, invalidUpstreamAnswer)) return unreadable(status, error);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { reason, code } = toTransportFailure(error);
  // After the status, what breaks the connection breaks the answer.
  return new AttemptFailure({ reason: status === undefined ? reason : 'broken', status, code }, undefined, {
    cause: error,
  });
}
