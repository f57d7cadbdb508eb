import type { WriteProblem } from '../../platform/runtime/write-problem.ts';
import { dialectOf } from './dialect-of.ts';

/** Problems as the clients of the path's format read them. */
export const writeProblem: WriteProblem = (problem, { path, requestId }) => {
  const { status, headers, body } = dialectOf(path).writeError(problem, requestId);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
};
