import type { Log } from '../kernel/log.ts';
import { LIMIT_REACHED, LIMIT_REASONS, type Refusal } from '../kernel/telemetry/limit-reasons.ts';
import type { Metrics } from '../kernel/telemetry/metrics.ts';

const refused = {
  name: 'pandect_refused_total',
  description: 'Requests and work of jobs refused for who asks, how often or how much, and for want of room',
};

/** Not who they are, not paid, not allowed, too often, no room. */
const REFUSING = new Set([401, 402, 403, 429, 503]);
const isLimit = new RegExp(`^(?:${LIMIT_REASONS})$`);

/** Counts a problem that refuses a request by its type, which is one of the catalogue. */
export function countRefusal(metrics: Pick<Metrics, 'count'>, { type, status }: Refusal) {
  if (REFUSING.has(status)) metrics.count(refused, { reason: type });
}

/** The same, and names the organization in the log when it reached a limit: an operator wants to know who, and a metric has no room for that. */
export function tellRefusal(
  { metrics, log }: { metrics: Pick<Metrics, 'count'>; log: Pick<Log, 'info'> },
  problem: Refusal,
  organizationId: string | undefined,
) {
  countRefusal(metrics, problem);
  if (isLimit.test(problem.type)) log.info({ reason: problem.type, organizationId }, LIMIT_REACHED);
}
