import type { Backup } from '../list-backups.ts';
import type { StoredChapter, StoredFiles } from './list-log.ts';

/** What is restored by copying a backup and going on with the log that follows it. */
export interface Continuation {
  /** In order, without a hole between them. */
  chapters: StoredChapter[];
  /** The newest time that can be restored to. */
  until: Date;
}

/** The log that continues a backup; undefined when there is none, and only its own moment can be restored. */
export function continuationOf(backup: Backup, stored: readonly StoredChapter[]): Continuation | undefined {
  const { log } = backup;
  if (log === undefined) return undefined;
  const ours = stored
    .filter(({ home, stream, to }) => home === backup.home && stream === log.stream && to > log.from)
    .toSorted((a, b) => a.from - b.from);
  if (ours[0] === undefined || ours[0].from > log.from) return undefined;
  const hole = ours.findIndex(({ from }, index) => index > 0 && from !== ours[index - 1]?.to);
  const chapters = hole === -1 ? ours : ours.slice(0, hole);
  const last = chapters.at(-1) as StoredChapter;
  // The copy itself needs the log up to its end.
  if (last.to < log.to) return undefined;
  // A clock that was set back does not take from it.
  return { chapters, until: new Date(Math.max(...chapters.map(({ until }) => until.getTime()))) };
}

/** A span of time that any moment of can be restored to; a single moment where both ends are the same. */
export interface Range {
  home: string;
  from: Date;
  until: Date;
}

/** Of each home, the oldest first; ranges that touch are one. */
export function restorableRanges(backups: readonly Backup[], stored: readonly StoredChapter[]): Range[] {
  const ranges = backups
    .filter(({ isComplete }) => isComplete)
    .map((backup) => {
      const until = continuationOf(backup, stored)?.until;
      return { home: backup.home, from: backup.at, until: until && until > backup.at ? until : backup.at };
    })
    .toSorted((a, b) => (a.home === b.home ? a.from.getTime() - b.from.getTime() : a.home < b.home ? -1 : 1));
  const joined: Range[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && last.home === range.home && range.from <= last.until) {
      if (range.until > last.until) last.until = range.until;
    } else joined.push({ ...range });
  }
  return joined;
}

/**
 * The newest backup before a time whose log reaches it. A backup without log is restored to its own moment alone.
 * @param backups of one home
 * @throws naming what can be restored
 */
export function backupFor(
  at: Date,
  backups: readonly Backup[],
  stored: readonly StoredChapter[],
): { backup: Backup; chapters: StoredChapter[] } {
  for (const backup of backups.filter(({ isComplete }) => isComplete).toReversed()) {
    if (backup.at > at) continue;
    const found = continuationOf(backup, stored);
    if (found && at <= found.until) return { backup, chapters: upTo(at, found.chapters) };
  }
  const ranges = restorableRanges(backups, stored).map(
    ({ from, until }) =>
      `  ${from.toISOString()}${until > from ? ` to ${until.toISOString()}` : ', and no other moment'}`,
  );
  throw new Error(
    `Restore to ${at.toISOString()}: the backups do not reach that time; they hold\n${ranges.join('\n') || '  nothing'}`,
  );
}

const upTo = (at: Date, chapters: readonly StoredChapter[]): StoredChapter[] => {
  const last = chapters.findIndex(({ until }) => until >= at);
  return chapters.slice(0, last + 1);
};

/** The oldest that is not older than a time, so that every row of that time has its file; the newest when none is. */
export const filesFor = (at: Date, files: readonly StoredFiles[]): StoredFiles | undefined =>
  files.find((each) => each.at >= at) ?? files.at(-1);
