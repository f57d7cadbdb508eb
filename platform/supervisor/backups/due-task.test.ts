import { describe, expect, it } from 'vitest';
import type { BackupState } from '../../backup/state.ts';
import { dueTask } from './due-task.ts';

const at = (time: string) => new Date(`2026-03-${time}:00Z`);
const state = (backup: string, drill: string): BackupState => ({
  newest: {
    ...{ id: 'a', startedAt: at(backup).toISOString(), finishedAt: at(backup).toISOString() },
    ...{ seconds: 1, bytes: 1, added: 1 },
  },
  provableSince: at('01T00:00').toISOString(),
  drill: { at: at(drill).toISOString(), id: 'a', seconds: 1, isPassed: true },
});

describe('dueTask', () => {
  it('backs up at once where there is no backup', () => {
    expect(dueTask({}, at('10T12:00'), undefined)).toBe('backup');
  });

  it.each([
    ['10T02:59', undefined],
    ['10T03:00', 'backup'],
    ['10T23:00', 'backup'],
    ['15T01:00', 'backup'],
  ])('at %s, after a backup of the day before at 03:00, has to do: %s', (now, task) => {
    expect(dueTask(state('09T03:00', '08T04:00'), at(now), undefined)).toBe(task);
  });

  it('backs up at once where the log has begun again', () => {
    const log = (from?: number) => ({
      ...{ stream: 'b', timeline: 1, ...(from !== undefined && { from }) },
      chapter: { number: 0, beganAt: at('10T11:00').toISOString() },
    });
    const kept = state('10T03:00', '10T04:00');
    expect(dueTask({ ...kept, log: log(0) }, at('10T12:00'), undefined)).toBe('backup');
    // Nothing of it was received yet.
    expect(dueTask({ ...kept, log: log() }, at('10T12:00'), undefined)).toBeUndefined();
    const newest = kept.newest && { ...kept.newest, stream: 'b' };
    expect(dueTask({ ...kept, newest, log: log(0) }, at('10T12:00'), undefined)).toBeUndefined();
  });

  it('backs up at once where backups go somewhere else now', () => {
    const { newest, ...rest } = state('10T03:00', '10T04:00');
    const kept = { ...rest, newest: newest && { ...newest, target: '/mnt/a' } };
    expect(dueTask(kept, at('10T12:00'), undefined, '/mnt/b')).toBe('backup');
    expect(dueTask(kept, at('10T12:00'), at('10T11:30'), '/mnt/b')).toBeUndefined();
    expect(dueTask(kept, at('10T12:00'), undefined, '/mnt/a')).toBeUndefined();
  });

  it('drills each week, after the backup', () => {
    expect(dueTask(state('10T03:00', '01T04:00'), at('10T04:00'), undefined)).toBe('drill');
    expect(dueTask(state('10T03:00', '04T04:00'), at('10T04:00'), undefined)).toBeUndefined();
    expect(dueTask(state('09T03:00', '01T04:00'), at('10T04:00'), undefined)).toBe('backup');
  });

  it('drills no dump, which it cannot restore', () => {
    const { provableSince, ...dump } = state('10T03:00', '01T04:00');
    expect(dueTask(dump, at('10T04:00'), undefined)).toBeUndefined();
    expect(dueTask({ ...dump, provableSince }, at('10T04:00'), undefined)).toBe('drill');
  });

  it('drills again the day after one that failed', () => {
    const failed = state('10T03:00', '09T05:00');
    const tried = { ...failed, drill: failed.drill && { ...failed.drill, isPassed: false } };
    expect(dueTask(tried, at('10T04:00'), undefined)).toBeUndefined();
    expect(dueTask(tried, at('10T06:00'), undefined)).toBe('drill');
  });

  it('waits for an hour after an attempt', () => {
    expect(dueTask({}, at('10T12:00'), at('10T11:30'))).toBeUndefined();
    expect(dueTask({}, at('10T12:31'), at('10T11:30'))).toBe('backup');
  });

  it('does not repeat itself when the clock goes back', () => {
    expect(dueTask(state('10T03:00', '10T04:00'), at('09T12:00'), undefined)).toBeUndefined();
  });

  it('does not wait for the day to which the clock had jumped ahead', () => {
    const ahead = state('20T03:00', '20T04:00');
    expect(dueTask(ahead, at('10T12:00'), undefined)).toBe('backup');
    expect(dueTask({ ...ahead, newest: state('10T03:00', '20T04:00').newest }, at('10T12:00'), at('20T04:00'))).toBe(
      'drill',
    );
  });
});
