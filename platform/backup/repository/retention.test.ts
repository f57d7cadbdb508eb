import { describe, expect, it } from 'vitest';
import { backupsToRemove } from './retention.ts';

const NOW = new Date('2026-06-30T12:00:00Z');
const DAY_MS = 24 * 3_600_000;

const backup = (at: Date, isComplete = true) => ({ id: at.toISOString(), at, isComplete });
const daily = (count: number) =>
  Array.from({ length: count }, (_, age) => backup(new Date(NOW.getTime() - age * DAY_MS)));
const keptDays = (backups: ReturnType<typeof backup>[]) => {
  const removed = new Set(backupsToRemove(backups, NOW));
  return backups.filter((each) => !removed.has(each)).map(({ id }) => id.slice(0, 10));
};

describe('backupsToRemove', () => {
  it('keeps one of each of 7 days, 4 weeks and 6 months', () => {
    expect(keptDays(daily(400))).toEqual([
      ...['2026-06-30', '2026-06-29', '2026-06-28', '2026-06-27', '2026-06-26', '2026-06-25', '2026-06-24'],
      ...['2026-06-21', '2026-06-14'],
      ...['2026-05-31', '2026-04-30', '2026-03-31', '2026-02-28', '2026-01-31'],
    ]);
  });

  it('keeps the newest of a day', () => {
    const early = backup(new Date('2026-06-30T03:00:00Z'));
    const late = backup(new Date('2026-06-30T04:00:00Z'));
    expect(backupsToRemove([early, late], NOW)).toEqual([early]);
  });

  it('keeps where each stream of the log begins, for a week', () => {
    const of = (time: string, stream: string) => ({ ...backup(new Date(time)), log: { stream } });
    const first = of('2026-06-30T03:00:00Z', 'a');
    const again = of('2026-06-30T04:00:00Z', 'a');
    const last = of('2026-06-30T05:00:00Z', 'a');
    const restored = of('2026-06-30T06:00:00Z', 'b');
    expect(backupsToRemove([first, again, last, restored], NOW)).toEqual([again]);
    const week = daily(7);
    const past = of('2026-06-23T03:00:00Z', 'c');
    expect(backupsToRemove([past, ...week.map((each) => ({ ...each, log: { stream: 'a' } }))], NOW)).toEqual([past]);
  });

  it('removes none for its age alone: after a pause of years the newest stays', () => {
    expect(backupsToRemove([backup(new Date('2020-01-01T03:00:00Z'))], NOW)).toEqual([]);
  });

  it('removes what was cut off a day ago, and never counts it as a backup', () => {
    const old = backup(new Date(NOW.getTime() - 2 * DAY_MS), false);
    const running = backup(new Date(NOW.getTime() - 3_600_000), false);
    const complete = backup(new Date(NOW.getTime() - 3 * DAY_MS));
    expect(backupsToRemove([complete, old, running], NOW)).toEqual([old]);
  });

  it('removes nothing newer because a clock was ahead', () => {
    const ahead = backup(new Date(NOW.getTime() + 40 * DAY_MS));
    expect(backupsToRemove([ahead, ...daily(3)], NOW)).toEqual([]);
  });
});
