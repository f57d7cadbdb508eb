import { describe, expect, it } from 'vitest';
import type { Backup } from '../list-backups.ts';
import type { StoredChapter } from './list-log.ts';
import { logToRemove } from './log-to-remove.ts';
import { backupFor, continuationOf, filesFor, restorableRanges } from './restorable-range.ts';

const HOME = 'home';
const at = (time: string) => new Date(`2026-03-10T${time}:00Z`);

const backup = (
  time: string,
  log?: { stream: string; from: number; to: number },
  more: Partial<Backup> = {},
): Backup => ({
  ...{ id: time, home: HOME, at: at(time), isComplete: true, version: '1', files: 0, bytes: 1, manifest: time },
  ...{ log, snapshots: [time], ...more },
});

/** Chapters of a stream: where each ends, and when. */
const stream = (name: string, from: number, ends: [to: number, until: string][]): StoredChapter[] =>
  ends.map(([to, until], number) => ({
    ...{ snapshot: `${name}-${number}`, home: HOME, stream: name, timeline: 1, number },
    ...{ from: number === 0 ? from : (ends[number - 1]?.[0] ?? 0), to, until: at(until) },
  }));

const first = backup('03:00', { stream: 'a', from: 100, to: 120 });
const chapters = stream('a', 90, [
  [200, '04:00'],
  [300, '05:00'],
  [400, '06:00'],
]);

describe('what can be restored', () => {
  it('is any moment from a backup to the end of its log', () => {
    expect(restorableRanges([first], chapters)).toEqual([{ home: HOME, from: at('03:00'), until: at('06:00') }]);
    expect(backupFor(at('04:30'), [first], chapters).chapters.map(({ snapshot }) => snapshot)).toEqual(['a-0', 'a-1']);
  });

  it('ends at a hole', () => {
    const [one, , three] = chapters as [StoredChapter, StoredChapter, StoredChapter];
    expect(continuationOf(first, [one, three])?.until).toEqual(at('04:00'));
    expect(() => backupFor(at('05:30'), [first], [one, three])).toThrow(
      'Restore to 2026-03-10T05:30:00.000Z: the backups do not reach that time; they hold\n' +
        '  2026-03-10T03:00:00.000Z to 2026-03-10T04:00:00.000Z',
    );
  });

  it('is the moment of a backup alone without log, with that of another stream, or with too little of it', () => {
    const alone = backup('07:00');
    const other = backup('08:00', { stream: 'b', from: 500, to: 520 });
    const short = stream('b', 490, [[510, '08:01']]);
    expect(restorableRanges([alone, other], [...chapters, ...short])).toEqual([
      { home: HOME, from: at('07:00'), until: at('07:00') },
      { home: HOME, from: at('08:00'), until: at('08:00') },
    ]);
    expect(() => backupFor(at('07:30'), [alone, other], short)).toThrow('07:00:00.000Z, and no other moment');
  });

  it('is taken from the newest backup before that moment, and of its own stream', () => {
    const restored = backup('05:10', { stream: 'b', from: 40, to: 50 });
    const second = stream('b', 30, [[90, '05:50']]);
    const all = [...chapters, ...second];
    expect(backupFor(at('05:30'), [first, restored], all).backup.id).toBe('05:10');
    expect(backupFor(at('05:05'), [first, restored], all).backup.id).toBe('03:00');
    // The second life ends before the first one does.
    expect(backupFor(at('05:55'), [first, restored], all).backup.id).toBe('03:00');
  });

  it('does not shrink when the clock is set back', () => {
    const back = stream('a', 90, [
      [200, '05:00'],
      [300, '04:10'],
    ]);
    expect(restorableRanges([first], back)).toEqual([{ home: HOME, from: at('03:00'), until: at('05:00') }]);
    expect(backupFor(at('04:40'), [first], back).chapters).toHaveLength(1);
  });

  it('has the files of the first time after the moment, or else the newest', () => {
    const files = ['04:00', '05:00'].map((time) => ({ snapshot: time, home: HOME, at: at(time) }));
    expect(filesFor(at('04:30'), files)?.snapshot).toBe('05:00');
    expect(filesFor(at('05:30'), files)?.snapshot).toBe('05:00');
    expect(filesFor(at('05:30'), [])).toBeUndefined();
  });
});

describe('logToRemove', () => {
  it('keeps log that a backup of the last days is continued by, and one list of files an hour', () => {
    const files = ['04:00', '04:20', '04:40', '05:10'].map((time) => ({ snapshot: time, home: HOME, at: at(time) }));
    const redundant = [{ snapshot: 'old-form', home: HOME }];
    const later = backup('05:30', { stream: 'a', from: 250, to: 260 });
    expect(logToRemove([later], { chapters, files, redundant })).toEqual(['old-form', 'a-0', '04:00', '04:20']);
    // Of a stream that is new, the first backup is still to come.
    const fresh = stream('b', 10, [[20, '06:30']]);
    expect(logToRemove([later], { chapters: [...chapters, ...fresh], files: [], redundant: [] })).toEqual(['a-0']);
    const other = backup('05:30', { stream: 'c', from: 250, to: 260 });
    expect(logToRemove([other], { chapters: [...chapters, ...fresh], files: [], redundant: [] })).toEqual([
      ...['a-0', 'a-1', 'a-2'],
    ]);
  });
});
