import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { FunctionManifest } from '../../kernel/manifest.ts';

/** An awake function as far as going to sleep is concerned. */
export interface RestSample {
  /** One for each process, starting ones included; undefined where it could not be asked. */
  reports: readonly (Pick<InstanceReport, 'inFlight' | 'idleMs'> | undefined)[];
  /** Requests that are held for it. */
  held: number;
  /** A change, a canary or the watch after a switch is under way. */
  changing: boolean;
  /** The number that the operator set. */
  fixed?: number | undefined;
}

/**
 * Milliseconds, at the least, until all its processes can go: each must have had nothing in flight, streams included, for
 * `idle` seconds. 0: now.
 */
export function untilSleep(
  { reports, held, changing, fixed }: RestSample,
  { instances, idle }: Pick<FunctionManifest, 'instances' | 'idle'>,
): number {
  const isKept = instances.min > 0 || fixed !== undefined || held > 0 || changing || reports.length === 0;
  const left = reports.map((report) => (report ? idle * 1000 - (report.inFlight > 0 ? 0 : report.idleMs) : soon));
  return Math.max(isKept ? soon : 0, ...left);
}

/** What keeps it awake may be over at any moment. */
const soon = 1;
