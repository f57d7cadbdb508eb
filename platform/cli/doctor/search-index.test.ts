import { expect, it } from 'vitest';
import { judgeSearchIndex } from './search-index.ts';

const live = { generation: 2, state: 'live' as const, done: 9, total: 9, differs: [] as string[] };

it.each([
  [[live], 'ok', '9 documents in index 2'],
  [[{ ...live, done: 4 }], 'warn', '5 of 9 documents are not in index 2 yet'],
  [[{ ...live, differs: ['store sqlite → qdrant'] }], 'warn', 'store sqlite → qdrant'],
  [[{ ...live, generation: 3, state: 'building' as const, done: 1 }, live], 'ok', 'index 3 is being built'],
  [[{ ...live, state: 'kept' as const }], 'fail', 'none is live'],
])('judges %j as %s', (rows, state, detail) => {
  const verdict = judgeSearchIndex(rows);
  expect(verdict.state).toBe(state);
  expect(verdict.detail).toContain(detail);
});
