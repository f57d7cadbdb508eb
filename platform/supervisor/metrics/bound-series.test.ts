import { describe, expect, it } from 'vitest';
import { createSeriesBound } from './bound-series.ts';

const asked = (organization: string, status = 'ok') => `asked_total{organization="${organization}",status="${status}"}`;

describe('the bound of series', () => {
  it('leaves the first ones as they are and counts later ones together', () => {
    const bound = createSeriesBound([], 2);
    const keys = [asked('a'), asked('b'), asked('c'), asked('a'), asked('c', 'failed')];
    expect(keys.map(bound.place)).toEqual([
      ...[asked('a'), asked('b'), asked('other'), asked('a'), asked('other', 'failed')],
    ]);
    expect(bound.place('up')).toBe('up');
    expect(bound.place('other_total{organization="c"}')).toBe('other_total{organization="c"}');
  });

  it('takes the buckets of a histogram for one', () => {
    const bound = createSeriesBound([], 1);
    const buckets = ['0.1', '0.2', '+Inf'].map((le) => `seconds_bucket{model="a",le="${le}"}`);
    expect(buckets.map(bound.place)).toEqual(buckets);
    expect(bound.place('seconds_bucket{model="b",le="0.1"}')).toBe('seconds_bucket{model="other",le="0.1"}');
  });

  it('takes no other label for a bucket', () => {
    const bound = createSeriesBound([], 1);
    expect(['a', 'b'].map((table) => bound.place(`size_bytes{table="${table}"}`))).toEqual([
      'size_bytes{table="a"}',
      'size_bytes{table="other"}',
    ]);
  });

  it('knows what was shown before, and quotes in names', () => {
    const bound = createSeriesBound([asked('old')], 1);
    expect(bound.place(asked('old'))).toBe(asked('old'));
    expect(bound.place(asked('a\\"},x'))).toBe(asked('other'));
  });
});
