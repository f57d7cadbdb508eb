/** What matters of a backup for how long it is kept. */
export interface KeptBackup {
  id: string;
  at: Date;
  isComplete: boolean;
}

const DAYS = 7;
const WEEKS = 4;
const MONTHS = 6;
/** A backup that takes longer has failed. */
const UNFINISHED_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Backups to remove: all but the newest of each of the last 7 days, 4 weeks and 6 months that have one, in UTC, and what was cut
 * off a day ago. Periods without a backup do not count, so a pause removes nothing, and the newest complete one always stays.
 */
export function backupsToRemove<B extends KeptBackup>(backups: readonly B[], now: Date): B[] {
  const complete = backups.filter(({ isComplete }) => isComplete).toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const kept = new Set([
    ...newestOfEach(complete, dayOf, DAYS),
    ...newestOfEach(complete, weekOf, WEEKS),
    ...newestOfEach(complete, monthOf, MONTHS),
  ]);
  return backups.filter((backup) =>
    backup.isComplete ? !kept.has(backup) : now.getTime() - backup.at.getTime() > UNFINISHED_MS,
  );
}

function newestOfEach<B extends KeptBackup>(
  newestFirst: readonly B[],
  periodOf: (at: Date) => string,
  count: number,
): B[] {
  const newest = new Map<string, B>();
  for (const backup of newestFirst) {
    const period = periodOf(backup.at);
    if (!newest.has(period)) newest.set(period, backup);
  }
  return [...newest.values()].slice(0, count);
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const monthOf = (at: Date) => at.toISOString().slice(0, 7);
/** The Monday that a week begins with. */
const weekOf = (at: Date) => dayOf(new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY_MS));
