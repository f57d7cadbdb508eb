import { expect, it } from 'vitest';
import type { GenerationRow } from '../operator-answers.ts';
import { describeProgress, followBuild, timeLeft } from './follow-build.ts';

const row: GenerationRow = {
  ...{ generation: 2, state: 'building', done: 120, total: 4000, differs: [] },
  ...{ chunker: 'c', embeddingModel: 'm', dimensions: 8, store: 'sqlite' },
  liveAt: null,
};

it('tells the time left by the pace so far, and nothing before there is one', () => {
  expect(timeLeft({ done: 0, ms: 0 }, { done: 100, total: 400, ms: 5_000 })).toBe(15_000);
  expect(timeLeft({ done: 100, ms: 1_000 }, { done: 100, total: 400, ms: 5_000 })).toBeUndefined();
});

it.each([
  [row, undefined, 'index 2: 120 of 4,000 documents'],
  [row, 310_000, 'index 2: 120 of 4,000 documents, about 5 min 10 s left'],
  [{ ...row, done: 4000 }, undefined, 'index 2: 4,000 of 4,000 documents, verifying'],
  [{ ...row, done: 4000, state: 'live' as const }, undefined, 'index 2: 4,000 of 4,000 documents'],
])('describes where a build is: %#', (one, left, expected) => {
  expect(describeProgress(one, left)).toBe(expected);
});

it('follows a build until it is live and holds everything', async () => {
  const rows: GenerationRow[] = [row, { ...row, state: 'live', done: 3999 }, { ...row, state: 'live', done: 4000 }];
  const list = async () => [rows.length > 1 ? (rows.shift() as GenerationRow) : (rows[0] as GenerationRow)];
  expect(await followBuild({ list }, 2, undefined)).toMatchObject({ state: 'live', done: 4000 });
});

it('ends when the build is given up', async () => {
  await expect(followBuild({ list: async () => [] }, 2, undefined)).rejects.toThrow('Build index 2: it was given up');
});
