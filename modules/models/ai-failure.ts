import { PublicFailure } from '../../platform/kernel/problem.ts';

/**
 * The provider did not answer as it should. `reason` is for logs and decides about retries and charges; clients never see it.
 * `withdrawn`: the provider itself reported an error in the middle of its answer, so what it had said is not charged.
 */
export class AiFailure extends PublicFailure {
  readonly problem = 'ai-failed';
  readonly reason: 'timeout' | 'refused' | 'overloaded' | 'broken' | 'withdrawn' | 'unreachable' | 'cancelled';
  constructor(reason: AiFailure['reason'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AiFailure';
    this.reason = reason;
  }
}
