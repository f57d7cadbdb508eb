import { describe, expect, it } from 'vitest';
import { moment } from './moment.ts';

const now = new Date('2026-03-10T12:00:00Z');

describe('moment', () => {
  it.each([
    ['90s', '2026-03-10T11:58:30.000Z'],
    ['30m', '2026-03-10T11:30:00.000Z'],
    ['15min', '2026-03-10T11:45:00.000Z'],
    ['2h', '2026-03-10T10:00:00.000Z'],
    ['1d', '2026-03-09T12:00:00.000Z'],
    ['2 w', '2026-02-24T12:00:00.000Z'],
    ['2026-03-01T09:05:00Z', '2026-03-01T09:05:00.000Z'],
    ['2026-03-01T09:05:00+03:00', '2026-03-01T06:05:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(moment(text, now).toISOString()).toBe(expected);
  });

  it('takes a time without a zone as one of this machine', () => {
    expect(moment('2026-03-01', now)).toEqual(new Date(2026, 2, 1));
    expect(moment('2026-03-01 09:05', now)).toEqual(new Date(2026, 2, 1, 9, 5));
  });

  it.each(['', 'yesterday', '2', '2y', '-2h', '2026-13-01', '2026-03-01 25:00'])('refuses "%s"', (text) => {
    expect(() => moment(text, now)).toThrow('such as 30m, 2h or 1d');
  });
});
