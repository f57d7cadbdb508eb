import { describe, expect, it } from 'vitest';
import type { BackupState } from '../../backup/state.ts';
import { judgeBackups } from './backups.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const newest = {
  ...{ id: 'a', startedAt: '2026-03-10T03:00:00.000Z', finishedAt: '2026-03-10T03:01:00.000Z' },
  ...{ seconds: 60, bytes: 1, added: 1 },
};
const stream = { stream: 's', timeline: 1, chapter: { number: 0, beganAt: '2026-03-10T11:40:00.000Z' } };
const drill = { at: '2026-03-08T04:00:00.000Z', id: 'a', seconds: 5, isPassed: true };
const provableSince = '2026-01-01T03:01:00.000Z';
const judge = (state: BackupState, settings: Partial<Parameters<typeof judgeBackups>[1]> = {}) =>
  judgeBackups(
    { provableSince, ...state },
    { BACKUP_TO: '/mnt/backups', ENVIRONMENT: 'development', ...settings },
    NOW,
  );

describe('judgeBackups', () => {
  it('asks for a target, and in production fails without one', () => {
    expect(judge({}, { BACKUP_TO: undefined })).toMatchObject({ state: 'warn' });
    expect(judge({}, { BACKUP_TO: undefined, ENVIRONMENT: 'production' })).toMatchObject({ state: 'fail' });
  });

  it('takes one of a clock that was ahead for none', () => {
    const ahead = { ...newest, startedAt: '2027-03-10T03:00:00.000Z' };
    expect(judge({ newest: ahead, drill })).toMatchObject({
      ...{ state: 'fail', detail: 'a is of the future: the clock was ahead' },
    });
  });

  it('is content with one of today that was proven this week, or is a dump', () => {
    expect(judge({ newest, drill })).toEqual({ state: 'ok', detail: 'a, 9 hours old' });
    const dump = judge({ newest, provableSince: undefined });
    expect(dump).toEqual({ state: 'ok', detail: 'a, 9 hours old; a dump, which only pandect restore --drill proves' });
    const failed = judge({ newest, provableSince: undefined, drill: { ...drill, isPassed: false } });
    expect(failed, 'a drill that someone ran').toMatchObject({ state: 'fail' });
  });

  it.each<[string, BackupState, string, string]>([
    ['none', {}, 'fail', 'none was made yet'],
    ['an old one', { newest: { ...newest, startedAt: '2026-03-09T03:00:00.000Z' }, drill }, 'fail', '33 hours old'],
    ['one never proven', { newest }, 'warn', 'not proven lately'],
    [
      'one proven long ago',
      { newest, drill: { ...drill, at: '2026-03-01T04:00:00.000Z' } },
      'warn',
      'not proven lately',
    ],
    [
      'log that is not stored',
      { newest, drill, walArchivedAt: '2026-03-10T11:40:00.000Z' },
      'fail',
      'ends 20 minutes ago',
    ],
    [
      'log that never was at the target',
      { newest, drill, log: { keptSince: '2026-03-10T11:40:00.000Z', ...stream } },
      'fail',
      'the database log at the target ends 20 minutes ago',
    ],
    [
      'files that the target does not take',
      {
        newest,
        drill,
        files: { failure: { at: '2026-03-10T12:00:00.000Z', since: '2026-03-10T11:40:00.000Z', message: 'full' } },
      },
      'fail',
      'new files are not at the target',
    ],
    ['a drill that failed', { newest, drill: { ...drill, isPassed: false } }, 'fail', 'could not be restored'],
  ])('complains of %s', (_, state, verdict, detail) => {
    expect(judge(state)).toMatchObject({ state: verdict, detail: expect.stringContaining(detail) });
  });

  it('tells why the last attempt failed', () => {
    const failure = { at: '2026-03-10T03:00:00.000Z', message: 'no space is left' };
    expect(judge({ failure })).toMatchObject({ hint: 'the last attempt failed: no space is left' });
  });
});
