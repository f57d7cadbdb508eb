import type { Metrics, SharedValue } from '../../../platform/kernel/telemetry/metrics.ts';
import type { UpstreamState } from '../upstream/upstream-state.ts';

const values = { closed: 0, 'half-open': 1, open: 2 };

/** Figures are shown without them when Redis takes longer. */
const LONGEST_MS = 500;

/** Shows the breakers of targets that failed in the last day. They are the same in every process. */
export function observeBreakers(metrics: Metrics, state: Pick<UpstreamState, 'list'>): void {
  metrics.sharedGauges(
    'pandect_gateway_breaker_state',
    'Circuit breakers of targets: 0 closed, 1 half-open, 2 open',
    async () => {
      const late = new Promise<SharedValue[]>((resolve) => setTimeout(resolve, LONGEST_MS, []).unref());
      const shown = state.list().then(
        (breakers) => breakers.map((breaker) => ({ labels: { target: breaker.target }, value: values[breaker.state] })),
        () => [],
      );
      return Promise.race([shown, late]);
    },
  );
}
