import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDataSet } from '../../eval/data-set.ts';
import { evaluate } from '../../eval/evaluate.ts';
import { type Summary, summarize } from '../../eval/summary.ts';
import { checkout } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

describe('the evaluation of the small sample', () => {
  let found: Awaited<ReturnType<typeof evaluate>>;
  let summary: Summary;

  beforeAll(async () => {
    const set = await readDataSet(join(checkout, 'eval', 'sample'));
    found = await evaluate(await sharedPlatform(), set, { answers: true, onProgress: () => {} });
    summary = summarize(found.outcomes);
  });

  it('finds what answers among the first passages, in both languages', () => {
    expect(found.leastAgreement).toBe(1);
    for (const language of ['en', 'ru']) {
      expect(summary.groups[language]?.curve[5]).toMatchObject({ doc: 1, hit: 1 });
    }
  });

  it('has the article that is asked for by its number as the first passage', () => {
    expect(summary.groups['ru-citation']?.curve[1]).toMatchObject({ doc: 1, hit: 1 });
  });

  it('counts answers and refusals of both languages', () => {
    expect(summary.answers.all).toMatchObject({ answerable: 12, unanswerable: 4 });
    expect(summary.answers.all?.right).toBeGreaterThan(0.5);
  });
});
