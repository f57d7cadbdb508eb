import { describe, expect, it } from 'vitest';
import { readBaseline } from './baseline.ts';

describe('the output of a baseline', () => {
  it('is read by run, group and depth', () => {
    const output = [
      '== dev, bm25, 12 chunks',
      'all          n=   3 doc@1 0.500 doc@5 1.000 hit@1 0.250 hit@5 0.500 cov@1 0.100 cov@5 0.200',
      'ru-legal     n=  14 doc@1 0.000 hit@1 0.000 cov@1 0.000',
      '== dev, bm25+document head, 12 chunks',
      '',
    ].join('\n');
    const [first, second] = readBaseline(output);
    expect(first?.name).toBe('bm25');
    expect(first?.groups.all).toEqual({
      questions: 3,
      curve: { 1: { doc: 0.5, hit: 0.25, cov: 0.1, prec: 0 }, 5: { doc: 1, hit: 0.5, cov: 0.2, prec: 0 } },
    });
    expect(Object.keys(first?.groups ?? {})).toEqual(['all', 'ru-legal']);
    expect(second).toEqual({ name: 'bm25+document head', groups: {} });
  });
});
