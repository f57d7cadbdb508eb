import type { Backup } from '../list-backups.ts';
import { anyMomentSince } from '../repository/retention.ts';
import type { StoredFiles, StoredLog } from './list-log.ts';

/**
 * Snapshots of one home's log that are no longer needed: those older than the oldest of the daily backups, which alone can be
 * continued. Weekly and monthly ones are restored as of their own moment.
 * @param backups that stay
 */
export function logToRemove(backups: readonly Backup[], log: StoredLog): string[] {
  const complete = backups.filter(({ isComplete }) => isComplete);
  const since = anyMomentSince(complete);
  const continued = complete.filter((backup) => backup.log !== undefined && backup.at >= since);
  const begins = Map.groupBy(
    continued.flatMap((backup) => backup.log ?? []),
    ({ stream }) => stream,
  );
  const current = log.chapters.toSorted((a, b) => a.until.getTime() - b.until.getTime()).at(-1)?.stream;
  const chapters = log.chapters.filter(({ stream, to }) => {
    const from = begins.get(stream)?.map((each) => each.from);
    // A stream that no backup has begun in yet will have one.
    return from === undefined ? stream !== current : to <= Math.min(...from);
  });
  const files = log.files.filter((each, index) => each.at < since || isFollowed(each, log.files[index + 1]));
  return [...log.redundant, ...chapters, ...files].map(({ snapshot }) => snapshot);
}

const hourOf = ({ at }: StoredFiles) => at.toISOString().slice(0, 13);

/** One of each hour is enough, the last: files stay in the storage for days after their deletion. */
const isFollowed = (files: StoredFiles, next: StoredFiles | undefined) =>
  next !== undefined && hourOf(files) === hourOf(next);
