import { describe, expect, it } from 'vitest';
import { createErrorGroups, errorRows, HOUR_MS } from './error-groups.ts';
import type { FoundError } from './read-error.ts';

const start = Date.parse('2026-03-01T10:30:00.000Z');
const error = (fields: Partial<FoundError> = {}, hours = 0): FoundError => ({
  ...{ unit: 'ask', name: 'TypeError', type: 'TypeError', frames: [], release: 'aaaa', isFatal: false },
  frame: { name: 'answer', file: 'functions/ask/app.ts', line: 5, isOwn: true },
  at: new Date(start + hours * HOUR_MS).toISOString(),
  example: 'Request failed: TypeError: no',
  ...fields,
});
const frame = (line: number) => ({ name: 'answer', file: 'functions/ask/app.ts', line, isOwn: true });

describe('groups of errors', () => {
  it('are the same over releases, whatever the line, and show the last one', () => {
    const groups = createErrorGroups();
    groups.add(error());
    groups.add(error({ release: 'bbbb', frame: frame(9), example: 'Request failed: TypeError: later' }, 2));
    groups.add(error({ release: 'aaaa' }, 1));
    expect(errorRows(groups.all, { since: start, unit: undefined })).toEqual([
      {
        ...{
          unit: 'ask',
          name: 'TypeError',
          frame: 'functions/ask/app.ts:9 answer',
          count: 3,
          total: 3,
          release: 'bbbb',
        },
        firstSeen: '2026-03-01T10:30:00.000Z',
        lastSeen: '2026-03-01T12:30:00.000Z',
        example: 'Request failed: TypeError: later',
      },
    ]);
  });

  it('are parted by unit, name and place, and without a place by what was tried', () => {
    const groups = createErrorGroups();
    for (const other of [
      {},
      { unit: 'auth' },
      { name: 'RangeError' },
      { frame: { ...frame(5), name: 'other' } },
      { frame: undefined },
      { frame: undefined, example: 'Job failed: TypeError: no' },
    ]) {
      groups.add(error(other));
      groups.add(error(other));
    }
    expect(groups.all.map(({ total }) => total)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(errorRows(groups.all, { since: 0, unit: 'auth' })).toHaveLength(1);
  });

  it('count by the hour from a time on', () => {
    const groups = createErrorGroups();
    for (const hours of [0, 1, 1, 5]) groups.add(error({}, hours));
    const counts = (since: number) => errorRows(groups.all, { since, unit: undefined }).map(({ count }) => count);
    expect(counts(start)).toEqual([4]);
    expect(counts(start + HOUR_MS)).toEqual([3]);
    expect(counts(start + 5 * HOUR_MS)).toEqual([1]);
    expect(counts(start + 6 * HOUR_MS)).toEqual([]);
  });

  it('forget hours after a week, and themselves after thirty days', () => {
    const groups = createErrorGroups();
    groups.add(error());
    groups.add(error({ unit: 'auth' }, 29 * 24));
    groups.forget(start + 8 * 24 * HOUR_MS);
    expect(groups.all.map(({ unit, total, hours }) => [unit, total, Object.keys(hours).length])).toEqual([
      ['ask', 1, 0],
      ['auth', 1, 1],
    ]);
    groups.forget(start + 31 * 24 * HOUR_MS);
    expect(groups.all.map(({ unit }) => unit)).toEqual(['auth']);
  });

  it('are bounded, each unit by itself: the one seen longest ago makes room', () => {
    const groups = createErrorGroups();
    groups.add(error({ unit: 'auth' }));
    for (let n = 0; n < 1_000; n++) groups.add(error({ name: `Error ${n}` }, n));
    expect(
      groups.all
        .filter(({ unit }) => unit === 'ask')
        .map(({ name }) => name)
        .at(0),
    ).toBe('Error 900');
    expect(groups.all).toHaveLength(101);
    for (let n = 0; n < 1_000; n++) groups.add(error({ unit: `unit-${n % 10}`, name: `Error ${n}` }, 2_000 + n));
    expect(groups.all).toHaveLength(500);
  });
});
