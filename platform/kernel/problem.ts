import { documentProblems } from './problems/document-problems.ts';
import { peopleProblems } from './problems/people-problems.ts';
import { planProblems } from './problems/plan-problems.ts';
import { requestProblems } from './problems/request-problems.ts';

/**
 * The catalogue of everything that can go wrong for a client, in `problems/`: one entry per problem `type` of RFC 9457.
 * `title` and `detail` are public and localized; `{name}` is filled from the problem's parameters. The cause of a
 * problem is kept apart and only logged. What a caller may not see is `not-found`, exactly like what is missing.
 */

export const problems = { ...requestProblems, ...peopleProblems, ...documentProblems, ...planProblems };

export type ProblemName = keyof typeof problems;
export type Language = 'en' | 'ru';

/** One mistake in a request: where it is (`body.email`) and what is the case. */
export interface FieldError {
  path: string;
  message: string;
}

interface ProblemOptions {
  parameters?: Record<string, string | number>;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Logged, never sent. */
  cause?: unknown;
}

/** A failure that a client is told about. Everything else that is thrown becomes `internal`. */
export class Problem extends Error {
  readonly type: ProblemName;
  readonly status: number;
  readonly parameters: Record<string, string | number>;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(type: ProblemName, options: ProblemOptions = {}) {
    super(type, { cause: options.cause });
    this.name = 'Problem';
    this.type = type;
    this.status = problems[type].status;
    this.parameters = options.parameters ?? {};
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

/** A failure of a part behind us that clients are told about by `problem`; its own message is only logged. */
export abstract class PublicFailure extends Error {
  abstract readonly problem: ProblemName;
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  errors?: FieldError[];
  [extension: string]: unknown;
}

/** The `application/problem+json` body of a problem. `instance` is the request id; parameters stand as extensions. */
export function toProblemDocument(problem: Problem, language: Language, requestId?: string): ProblemDocument {
  const { title, detail } = problems[problem.type];
  return {
    type: `urn:pandect:problem:${problem.type}`,
    title: title[language],
    status: problem.status,
    detail: detail[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(problem.parameters[name] ?? '')),
    ...problem.parameters,
    ...(problem.errors && { errors: problem.errors }),
    ...(requestId && { instance: `urn:request:${requestId}` }),
  };
}

/** The first of our languages that an `Accept-Language` header names; English otherwise. Quality values only order. */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { tag: tag.toLowerCase().slice(0, 2), quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ tag, quality }) => quality > 0 && (tag === 'ru' || tag === 'en'))
    .sort((a, b) => b.quality - a.quality);
  return (wanted[0]?.tag as Language | undefined) ?? 'en';
}
