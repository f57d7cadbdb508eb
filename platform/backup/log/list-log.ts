import type { Repository, Snapshot } from '../repository/restic.ts';
import { formatPosition, parsePosition } from './position.ts';

/** Every snapshot of the log has it, and no other. */
export const LOG_MARK = 'pandect-log';

/** A part of the log as it is at the target. */
export interface StoredChapter {
  snapshot: string;
  /** Id of the home. */
  home: string;
  stream: string;
  timeline: number;
  number: number;
  /** Positions; the next chapter begins where this one ends. */
  from: number;
  to: number;
  /** All that was committed by then is in this chapter or an earlier one. */
  until: Date;
}

/** The stored files as of a time between two backups. */
export interface StoredFiles {
  snapshot: string;
  home: string;
  /** Everything that had been stored by then is in it. */
  at: Date;
}

export interface StoredLog {
  /** The newest snapshot of each chapter, in order. */
  chapters: StoredChapter[];
  /** The oldest first. */
  files: StoredFiles[];
  /** Snapshots that a later one of the same chapter has made needless. */
  redundant: { snapshot: string; home: string }[];
}

export const chapterTags = ({
  stream,
  timeline,
  number,
  from,
  to,
  until,
}: Omit<StoredChapter, 'snapshot' | 'home'>): string[] => [
  ...[LOG_MARK, 'wal', `stream=${stream}`, `timeline=${timeline}`, `chapter=${number}`],
  ...[`from=${formatPosition(from)}`, `to=${formatPosition(to)}`, `until=${until.toISOString()}`],
];

export const filesTags = (at: Date): string[] => [LOG_MARK, 'files', `at=${at.toISOString()}`];

export async function listLog(repository: Repository): Promise<StoredLog> {
  const snapshots = await repository.snapshots([LOG_MARK]);
  const found = snapshots.flatMap((snapshot) => (snapshot.tags.includes('wal') ? [parseChapter(snapshot)] : []));
  const groups = Map.groupBy(found, ({ home, stream, number }) => `${home} ${stream} ${number}`);
  const newest = [...groups.values()].map((all) => all.reduce((last, each) => (each.to >= last.to ? each : last)));
  const kept = new Set(newest);
  return {
    chapters: newest.toSorted((a, b) => a.number - b.number),
    files: snapshots
      .flatMap(({ id, hostname, tags }) =>
        tags.includes('files') ? [{ snapshot: id, home: hostname, at: new Date(tagOf(tags, 'at')) }] : [],
      )
      .toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    redundant: found.filter((each) => !kept.has(each)),
  };
}

export const ofHome = ({ chapters, files, redundant }: StoredLog, home: string): StoredLog => ({
  chapters: chapters.filter((each) => each.home === home),
  files: files.filter((each) => each.home === home),
  redundant: redundant.filter((each) => each.home === home),
});

function parseChapter({ id, hostname, tags }: Snapshot): StoredChapter {
  return {
    ...{ snapshot: id, home: hostname, stream: tagOf(tags, 'stream') },
    ...{ timeline: Number(tagOf(tags, 'timeline')), number: Number(tagOf(tags, 'chapter')) },
    ...{ from: parsePosition(tagOf(tags, 'from')), to: parsePosition(tagOf(tags, 'to')) },
    until: new Date(tagOf(tags, 'until')),
  };
}

function tagOf(tags: readonly string[], name: string): string {
  const tag = tags.find((each) => each.startsWith(`${name}=`));
  if (tag === undefined) throw new Error(`List log: a snapshot of it has no "${name}"`);
  return tag.slice(name.length + 1);
}
