import { expect, it } from 'vitest';
import { NoConnection } from '../../../db/pool.ts';
import { toProblem } from './to-problem.ts';

it('is temporarily unavailable, with the time of a retry, while all connections to the database are in use', () => {
  const failure = new NoConnection({ max: 2, acquireMs: 10_000 }, new Error('timeout'));
  const problem = toProblem(new Error('Failed query', { cause: failure }));
  expect(problem).toMatchObject({ definition: { status: 503 }, headers: { 'retry-after': '2' } });
});
