import { describe, expect, it } from 'vitest';
import { bytes, dateTime, duration, percent, seconds } from './quantities.ts';

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1.0 KiB'],
    [432_013_312, '412 MiB'],
    [1_610_612_736, '1.5 GiB'],
    [2 ** 60, '1048576 TiB'],
  ])('writes %d bytes as %j', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [84.4, '84 ms'],
    [1_240, '1.2 s'],
    [9_960, '10 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [11_040_000, '3 h 4 min'],
    [439_200_000, '5 d 2 h'],
  ])('writes %d ms as %j', (value, text) => {
    expect(duration(value)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.004, '0.4 %'],
    [0.25, '25 %'],
    [1, '100 %'],
  ])('writes a share of %d as %j', (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it('writes a time in the zone of the machine', () => {
    expect(dateTime(new Date(2026, 0, 31, 9, 5, 0).toISOString())).toBe('2026-01-31 09:05:00');
  });

  it('leaves a cell empty for what is not known', () => {
    expect([bytes, seconds, duration, percent].map((write) => write(undefined))).toEqual(['', '', '', '']);
    expect(dateTime(undefined)).toBe('');
  });
});
