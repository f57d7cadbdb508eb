import { type Language, type Problem, toProblemDocument } from '../kernel/problem.ts';

/** The request that a problem is the answer to, as far as its form may depend on it. */
export interface FailedRequest {
  /** Without its query. */
  path: string;
  language: Language;
  requestId: string;
}

export interface WrittenProblem {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * Writes a problem as the clients of a function expect it. A function whose clients speak a protocol of their own exports one as
 * `writeProblem`; then all of its problems are written by it, those of the layers around its routes among them.
 */
export type WriteProblem = (problem: Problem, request: FailedRequest) => WrittenProblem;

/** What all other functions write: the problem document of RFC 9457. */
export const writeDocument: WriteProblem = (problem, { language, requestId }) => ({
  status: problem.status,
  headers: { 'content-type': 'application/problem+json', 'content-language': language, ...problem.headers },
  body: JSON.stringify(toProblemDocument(problem, language, requestId)),
});
