import type { Metrics, SharedValue } from '../../../platform/kernel/telemetry/metrics.ts';
import type { Target } from '../routing/route.ts';
import type { UpstreamState } from '../upstream/upstream-state.ts';

const values = { closed: 0, 'half-open': 1, open: 2 };

/** Figures are shown without them when Redis takes longer. */
const LONGEST_MS = 500;

/**
 * Shows the breakers of targets that failed in the last day, and which providers have an open one. They are the same in every process.
 * @param targets all that are configured
 */
export function observeBreakers(
  metrics: Metrics,
  state: Pick<UpstreamState, 'list'>,
  targets: () => Promise<readonly Pick<Target, 'name' | 'provider'>[]>,
): void {
  metrics.sharedGauges(
    'pandect_gateway_breaker_state',
    'Circuit breakers of targets: 0 closed, 1 half-open, 2 open',
    () =>
      inTime(async () =>
        (await state.list()).map((breaker) => ({ labels: { target: breaker.target }, value: values[breaker.state] })),
      ),
  );
  metrics.sharedGauges('pandect_breaker_open', 'Whether a model of the provider is not asked, as it kept failing', () =>
    inTime(async () => {
      const [breakers, configured] = await Promise.all([state.list(), targets()]);
      const open = new Set(breakers.flatMap((breaker) => (breaker.state === 'open' ? [breaker.target] : [])));
      const byProvider = Map.groupBy(configured, ({ provider }) => provider.name);
      return [...byProvider].map(([provider, its]) => ({
        ...{ labels: { provider }, value: its.some(({ name }) => open.has(name)) ? 1 : 0 },
      }));
    }),
  );
}

async function inTime(read: () => Promise<SharedValue[]>): Promise<SharedValue[]> {
  const late = new Promise<SharedValue[]>((resolve) => setTimeout(resolve, LONGEST_MS, []).unref());
  return Promise.race([read().catch(() => []), late]);
}
