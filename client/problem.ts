/** A problem document of the API (RFC 9457). `errors` names what is wrong with single fields of the request. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { path: string; message: string }[];
  [extension: string]: unknown;
}

/** The server refused a call or failed at it, and said why. */
export class ProblemError extends Error {
  override name = 'ProblemError';

  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}
