/** What matters of a backup for how long it is kept. */
export interface KeptBackup {
  id: string;
  at: Date;
  isComplete: boolean;
  /** The log that continues it. */
  log?: { stream: string } | undefined;
}

const DAYS = 7;
const WEEKS = 4;
const MONTHS = 6;
/** A backup that takes longer has failed. */
const UNFINISHED_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Backups to remove: all but the newest of each of the last 7 days, 4 weeks and 6 months that have one, in UTC, and what was cut
 * off a day ago. In those days, the oldest of each stream of the log stays as well, and the newest of each day of a stream: log is
 * restored from a backup of its own stream alone. Periods without a backup do not count, so a pause removes nothing, and the newest complete one always stays.
 */
export function backupsToRemove<B extends KeptBackup>(backups: readonly B[], now: Date): B[] {
  const complete = newestFirst(backups.filter(({ isComplete }) => isComplete));
  const kept = new Set([
    ...newestOfEach(complete, dayOf, DAYS),
    ...beginningsOfLog(complete),
    ...newestOfEach(complete, weekOf, WEEKS),
    ...newestOfEach(complete, monthOf, MONTHS),
  ]);
  return backups.filter((backup) =>
    backup.isComplete ? !kept.has(backup) : now.getTime() - backup.at.getTime() > UNFINISHED_MS,
  );
}

/** Where the time begins that can be restored to at any moment: the last 7 days that have a backup. */
export function anyMomentSince(complete: readonly Pick<KeptBackup, 'at'>[]): Date {
  const oldest = newestOfEach(newestFirst(complete), dayOf, DAYS).at(-1);
  return oldest === undefined ? new Date(0) : new Date(dayOf(oldest.at));
}

function beginningsOfLog<B extends KeptBackup>(complete: readonly B[]): B[] {
  const since = anyMomentSince(complete);
  const streams = Map.groupBy(
    complete.filter(({ at, log }) => log !== undefined && at >= since),
    ({ log }) => log?.stream,
  );
  return [...streams.values()].flatMap((backups) => [
    ...newestOfEach(backups, dayOf, DAYS),
    ...newestFirst(backups).slice(-1),
  ]);
}

const newestFirst = <B extends Pick<KeptBackup, 'at'>>(backups: readonly B[]): B[] =>
  backups.toSorted((a, b) => b.at.getTime() - a.at.getTime());

function newestOfEach<B extends Pick<KeptBackup, 'at'>>(
  ordered: readonly B[],
  periodOf: (at: Date) => string,
  count: number,
): B[] {
  const newest = new Map<string, B>();
  for (const backup of ordered) {
    const period = periodOf(backup.at);
    if (!newest.has(period)) newest.set(period, backup);
  }
  return [...newest.values()].slice(0, count);
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const monthOf = (at: Date) => at.toISOString().slice(0, 7);
/** The Monday that a week begins with. */
const weekOf = (at: Date) => dayOf(new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY_MS));
