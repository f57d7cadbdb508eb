import type { Log } from '../../../platform/kernel/log.ts';
import type {
  CallAttempt,
  CallMetering,
  CallUsage,
  ReservedCall,
  SettledCall,
} from '../../commerce/metering/calls/contract.ts';
import type { AttemptReport } from '../routing/contract.ts';
import type { Target } from '../routing/route.ts';
import type { CallTelemetry, ObservedCall } from '../telemetry/call-telemetry.ts';

/** The attempts of one call as they end, and how it is charged in the end. */
export interface Books {
  note(report: AttemptReport): void;
  /** Calls of upstreams that failed. */
  failures(): number;
  /** The last attempt ended in good order. */
  isComplete(): boolean;
  /**
   * Charges what came and gives back the rest; nothing came of a call whose attempts all failed. The first call counts. Never rejects:
   * what cannot be settled is charged with what was held, when its time is over.
   * @param cached the target whose kept answer was given, without a call
   */
  close(cached?: Target): Promise<SettledCall | undefined>;
}

interface BooksDeps {
  metering: CallMetering;
  log: Log;
  inProgress: Set<Promise<unknown>>;
  telemetry: CallTelemetry;
}

interface Opened extends ObservedCall {
  reserved: Pick<ReservedCall, 'requestId'>;
  complete(report: AttemptReport): Completed;
}

/** What an attempt used, as its upstream or our estimate has it. */
export interface Completed {
  usage: CallUsage;
  isEstimated: boolean;
}

export function openBooks(
  { metering, log, inProgress, telemetry }: BooksDeps,
  { reserved: { requestId }, complete, ...call }: Opened,
): Books {
  const { organizationId } = call;
  const observer = telemetry.begin(call);
  const attempts: CallAttempt[] = [];
  const isFailed = ({ outcome }: CallAttempt) => outcome === 'failed';
  let closed: Promise<SettledCall | undefined> | undefined;
  return {
    note(report) {
      const { attempt, outcome, target, status, firstMs, ms } = report;
      const completed = complete(report);
      observer.note(report, completed);
      attempts.push({
        ...{ attempt, outcome, target: target.name, price: target.price, status, firstMs, ms },
        ...completed,
      });
    },
    failures: () => attempts.filter(isFailed).length,
    isComplete: () => attempts.at(-1)?.outcome === 'done',
    close(cached) {
      if (closed) return closed;
      if (cached) attempts.push(withoutCall(cached));
      const ending = cached ? 'cached' : attempts.every(isFailed) ? 'released' : 'settled';
      observer.end(ending);
      const settling = metering
        .settle({ organizationId, requestId, ending, attempts })
        .catch((error: unknown): undefined => {
          log.error({ error, ending, requestId }, 'Call not settled');
        })
        .finally(() => inProgress.delete(settling));
      inProgress.add(settling);
      closed = settling;
      return settling;
    },
  };
}

const withoutCall = ({ name, price }: Target): CallAttempt => ({
  ...{ attempt: 1, outcome: 'done', target: name, price, usage: { input: 0, output: 0 }, isEstimated: false, ms: 0 },
});
