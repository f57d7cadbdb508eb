import type { DetailedError } from 'tus-js-client';
import { NetworkError, ProblemError, problemErrorOf } from '../problem.ts';
import { isPassing } from '../waiting.ts';

/** Longer waits are for a person to decide on. */
const LONGEST_WAIT_MS = 120_000;
/** The piece before is still at work, or the process that worked on it has ended. */
const passingNames = ['upload-conflict', 'internal', 'timeout', 'body-timeout'];
/** Statuses that come without a document: HEAD has no body. */
const passingStatuses = new Set([409, 423, 500]);

/** The library's error as one of the client's. */
export function uploadFailure(error: Error | DetailedError): NetworkError | ProblemError {
  const { causingError, originalResponse } = error as Partial<DetailedError>;
  if (causingError instanceof ProblemError) return causingError;
  if (!originalResponse) return new NetworkError(causingError ?? error);
  const [status, retryAfter] = [originalResponse.getStatus(), originalResponse.getHeader('Retry-After')];
  return problemErrorOf({ status, retryAfter, body: originalResponse.getBody() ?? '' });
}

/** The server no longer has what it took of the file: uploads end after a day. */
export const isGone = (error: Error | DetailedError): boolean => {
  const { originalRequest, originalResponse } = error as Partial<DetailedError>;
  return originalRequest?.getMethod() !== 'POST' && [404, 410].includes(originalResponse?.getStatus() ?? 0);
};

/** Whether the upload may go on by itself. */
export function mayGoOn(error: NetworkError | ProblemError): boolean {
  if (isPassing(error)) return true;
  if (!(error instanceof ProblemError)) return false;
  const { type, status } = error.problem;
  if (status === 429) return error.retryAfterMs !== undefined && error.retryAfterMs <= LONGEST_WAIT_MS;
  return passingNames.some((name) => error.is(name)) || (type === 'about:blank' && passingStatuses.has(status));
}
