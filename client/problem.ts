import type { Schemas } from './schemas.ts';

/** A problem document of the API (RFC 9457). `errors` names what is wrong with single fields of the request. */
export type Problem = Schemas['Problem'];

/** The server refused a request or failed at it. */
export class ProblemError extends Error {
  override name = 'ProblemError';

  readonly problem: Problem;
  /** How long the server asks to wait before the next attempt. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs?: number) {
    super(problem.title);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the problem has this name, such as `not-found`. */
  is(name: string): boolean {
    return this.problem.type === `urn:pandect:problem:${name}`;
  }
}

/** No answer arrived, or not all of it: whether the server did what was asked is unknown. */
export class NetworkError extends Error {
  override name = 'NetworkError';

  constructor(cause: unknown) {
    super('No answer from the server', { cause });
  }
}

/** A file cannot be read any longer: it was changed, moved or deleted on the device. */
export class FileError extends Error {
  override name = 'FileError';
}

export const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');

/** What to throw for a failed fetch or a body that broke off: aborts as they are, all else as `NetworkError`. */
export function failureOf(error: unknown, signal?: AbortSignal | null): unknown {
  if (signal?.aborted) return signal.reason;
  return isAbort(error) || error instanceof ProblemError ? error : new NetworkError(error);
}

/** The parts of a response that tell what is wrong. */
export interface Refusal {
  status: number;
  statusText?: string;
  retryAfter: string | null | undefined;
  body: string;
}

/** An answer in another form, such as that of a proxy, becomes a problem of the type `about:blank`. */
export function problemErrorOf({ status, statusText, retryAfter, body }: Refusal): ProblemError {
  return new ProblemError(
    readProblem(body) ?? { type: 'about:blank', title: statusText || `HTTP ${status}`, status, detail: '' },
    retryAfterMsOf(retryAfter),
  );
}

export async function problemErrorOfResponse(response: Response): Promise<ProblemError> {
  const { status, statusText, headers } = response;
  const body = await response.text().catch(() => '');
  return problemErrorOf({ status, statusText, retryAfter: headers.get('retry-after'), body });
}

function readProblem(body: string): Problem | undefined {
  try {
    const value = JSON.parse(body);
    return typeof value?.type === 'string' && typeof value.title === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param header seconds; the API never sends a date */
function retryAfterMsOf(header: string | null | undefined): number | undefined {
  return header && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}
