import { PublicFailure } from '../../platform/kernel/problem.ts';
import { aiFailed } from './problems.ts';
import type { FailureReason, UpstreamFailure } from './providers/adapter.ts';

/**
 * The provider did not answer as it should. `reason` is for logs and decides about retries and charges; clients never see it.
 * `withdrawn`: the provider itself reported an error in the middle of its answer, so what it had said is not charged.
 */
export class AiFailure extends PublicFailure {
  readonly problem = aiFailed;
  readonly reason: 'timeout' | 'refused' | 'overloaded' | 'broken' | 'withdrawn' | 'unreachable' | 'cancelled';
  /** What is known of the provider's answer; undefined where it was not asked, which says nothing of the provider. */
  readonly upstream: UpstreamFailure | undefined;
  constructor(
    reason: AiFailure['reason'],
    message: string,
    options: { cause?: unknown; upstream?: Partial<UpstreamFailure> | 'not-asked' } = {},
  ) {
    const { cause, upstream } = options;
    super(message, cause === undefined ? {} : { cause });
    this.upstream = upstream === 'not-asked' ? undefined : { reason: reasons[reason], status: undefined, ...upstream };
    this.name = 'AiFailure';
    this.reason = reason;
  }
}

/** What a reason means where the provider's answer does not say more. */
const reasons: Readonly<Record<AiFailure['reason'], FailureReason>> = {
  timeout: 'timeout',
  refused: 'refused',
  overloaded: 'overloaded',
  broken: 'broken',
  withdrawn: 'broken',
  unreachable: 'unreachable',
  cancelled: 'cancelled',
};
