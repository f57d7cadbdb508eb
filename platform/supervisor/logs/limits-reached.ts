import { join } from 'node:path';
import { LIMIT_REACHED } from '../../kernel/telemetry/limit-reasons.ts';
import { parseLogLine } from '../../kernel/telemetry/log-line.ts';
import { logNames } from './log-parts.ts';
import { linesOf, viewLog } from './read-log.ts';

/** How often an organization reached a limit in a function or a worker. */
export interface LimitReached {
  organizationId: string;
  reason: string;
  unit: string;
  count: number;
  /** Of the last time. */
  last: string;
}

/** Most often first. @param logs the folder of the logs */
export async function limitsReached(logs: string, since: Date): Promise<LimitReached[]> {
  const found = new Map<string, LimitReached>();
  for (const unit of await logNames(logs)) {
    for await (const line of linesOf(await viewLog(join(logs, `${unit}.log`)), { since })) {
      // Few lines are of interest, and each costs time to parse.
      const entry = line.includes(`"${LIMIT_REACHED}"`) ? parseLogLine(line) : undefined;
      if (entry?.message !== LIMIT_REACHED) continue;
      const [organizationId, reason, last] = [entry.organizationId ?? 'unknown', entry.reason, entry.time].map(String);
      const key = `${organizationId} ${reason} ${unit}`;
      const count = (found.get(key)?.count ?? 0) + 1;
      found.set(key, { organizationId, reason, unit, count, last } as LimitReached);
    }
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count);
}
