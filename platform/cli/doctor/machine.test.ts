import { describe, expect, it } from 'vitest';
import { judgeClock, judgeDisk, judgeMemory, judgeOpenFiles } from './machine.ts';

const MIB = 1024 ** 2;

describe('what the doctor says of the machine', () => {
  it.each([
    [50_000 * MIB, 0.5, 1_000_000, 'ok'],
    [1_000 * MIB, 0.5, 1_000_000, 'warn'],
    [10_000 * MIB, 0.03, 1_000_000, 'warn'],
    [100 * MIB, 0.5, 1_000_000, 'fail'],
    [50_000 * MIB, 0.5, 12, 'fail'],
    [50_000 * MIB, 0.5, undefined, 'ok'],
  ])('a disk with %d bytes, a share of %d and room for %s files: %s', (free, share, freeFiles, state) => {
    const verdict = judgeDisk({ folder: '/srv/files', free, share, freeFiles });
    expect(verdict.state).toBe(state);
    expect(JSON.stringify(verdict)).toContain(freeFiles === 12 ? '12 more files' : '/srv/files');
  });

  it.each([
    [4_096, false, 'ok'],
    [600, false, 'warn'],
    [600, true, 'ok'],
    [200, false, 'fail'],
    [200, true, 'warn'],
    [30, true, 'fail'],
  ])('%d MiB with a platform running (%s): %s', (mib, isRunning, state) => {
    expect(judgeMemory({ availableBytes: mib * MIB, totalBytes: 8_192 * MIB, isRunning }).state).toBe(state);
  });

  it.each([
    ['1048576', 'ok'],
    ['4096', 'warn'],
    ['256', 'fail'],
    ['unlimited', 'ok'],
  ])('a hard limit of %s open files: %s', (hard, state) => {
    const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             100                  100                  processes
Max open files            200                  ${hard}              files`;
    expect(judgeOpenFiles(limits).state).toBe(state);
  });

  it('a clock that stands before the start of the machine, or in a year gone by', () => {
    const booted = new Date('2026-01-31T09:00:00Z');
    expect(judgeClock(new Date('2026-01-31T09:05:00Z'), booted).state).toBe('ok');
    expect(judgeClock(new Date('2026-01-31T08:55:00Z'), booted).state).toBe('fail');
    expect(judgeClock(new Date('1970-01-01T00:05:00Z'), undefined).state).toBe('fail');
  });
});
