import type { ProblemDefinition } from '../kernel/problem.ts';
import type { Metrics } from '../kernel/telemetry/metrics.ts';

const refused = {
  name: 'pandect_refused_total',
  description: 'Requests refused for who asks, how often or how much, and for want of room',
};

/** Not who they are, not paid, not allowed, too often, no room. */
const REFUSING = new Set([401, 402, 403, 429, 503]);

/** Counts a problem that refuses a request by its type, which is one of the catalogue. */
export function countRefusal(
  metrics: Pick<Metrics, 'count'>,
  { type, status }: Pick<ProblemDefinition, 'type' | 'status'>,
) {
  if (REFUSING.has(status)) metrics.count(refused, { reason: type });
}
