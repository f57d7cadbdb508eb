import { PublicFailure } from '../../platform/kernel/problem.ts';
import { aiFailed } from './problems.ts';

/**
 * The provider did not answer as it should. `reason` is for logs and decides about retries and charges; clients never see it.
 * `withdrawn`: the provider itself reported an error in the middle of its answer, so what it had said is not charged.
 */
export class AiFailure extends PublicFailure {
  readonly problem = aiFailed;
  readonly reason: 'timeout' | 'refused' | 'overloaded' | 'broken' | 'withdrawn' | 'unreachable' | 'cancelled';
  /** How long the provider asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  constructor(
    reason: AiFailure['reason'],
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.name = 'AiFailure';
    this.reason = reason;
  }
}
