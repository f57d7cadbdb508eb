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

/** Whether all its processes can go: none has anything in flight, streams included, or had for `idle` seconds. */
export function shouldSleep(
  { reports, held, changing, fixed }: RestSample,
  { instances, idle }: Pick<FunctionManifest, 'instances' | 'idle'>,
): boolean {
  if (instances.min > 0 || fixed !== undefined || held > 0 || changing || reports.length === 0) return false;
  return reports.every((report) => report?.inFlight === 0 && report.idleMs >= idle * 1000);
}
