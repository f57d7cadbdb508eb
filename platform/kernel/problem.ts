/**
 * What can go wrong for a client: one definition per problem `type` of RFC 9457, in the `problems.ts` of what it belongs to.
 * `title` and `detail` are public and localized; `{name}` is filled from the problem's parameters. The cause of a
 * problem is kept apart and only logged. What a caller may not see is `notFound`, exactly like what is missing.
 */

export type Language = 'en' | 'ru';

/** One problem `type`, made by `defineProblem`. */
export interface ProblemDefinition {
  readonly type: string;
  readonly status: number;
  readonly title: Readonly<Record<Language, string>>;
  readonly detail: Readonly<Record<Language, string>>;
}

/**
 * A bundle holds the definitions that its code names, and no others.
 * @param en title and detail, as `ru`
 */
export function defineProblem(
  type: string,
  status: number,
  en: readonly [string, string],
  ru: readonly [string, string],
): ProblemDefinition {
  return { type, status, title: { en: en[0], ru: ru[0] }, detail: { en: en[1], ru: ru[1] } };
}

/** One mistake in a request: where it is (`body.email`) and what is the case. */
export interface FieldError {
  path: string;
  message: string;
}

/** What `{name}` stands for in the texts of a problem; words may differ by language. */
export type ProblemParameters = Record<string, string | number | Record<Language, string>>;

interface ProblemOptions {
  parameters?: ProblemParameters;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Logged, never sent. */
  cause?: unknown;
}

/** A failure that a client is told about. Everything else that is thrown becomes `internal`. */
export class Problem extends Error {
  readonly definition: ProblemDefinition;
  readonly type: string;
  readonly status: number;
  readonly parameters: ProblemParameters;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(definition: ProblemDefinition, options: ProblemOptions = {}) {
    super(definition.type, { cause: options.cause });
    this.name = 'Problem';
    this.definition = definition;
    this.type = definition.type;
    this.status = definition.status;
    this.parameters = options.parameters ?? {};
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

/** Whether something thrown is one of these problems. */
export const isProblem = (error: unknown, ...definitions: readonly ProblemDefinition[]): error is Problem =>
  error instanceof Problem && definitions.includes(error.definition);

/** A failure of a part behind us that clients are told about by `problem`; its own message is only logged. */
export abstract class PublicFailure extends Error {
  abstract readonly problem: ProblemDefinition;
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
  const { title, detail } = problem.definition;
  const parameters = Object.fromEntries(
    Object.entries(problem.parameters).map(([name, value]) => [
      name,
      typeof value === 'object' ? value[language] : value,
    ]),
  );
  return {
    type: `urn:pandect:problem:${problem.type}`,
    title: title[language],
    status: problem.status,
    detail: detail[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? '')),
    ...parameters,
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
