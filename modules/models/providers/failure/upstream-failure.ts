import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from '../../dialects/contract.ts';
import { readFailure } from '../../dialects/failure-codes.ts';
import { isJson } from '../../dialects/json.ts';
import type { FailureReason, UpstreamFailure } from '../adapter.ts';
import type { ErrorBody } from './error-body.ts';
import { redactDetail } from './redact-detail.ts';
import { retryAfterOf } from './retry-after.ts';

/** What a status means where a provider does not say more. */
export function reasonOfStatus(status: number): FailureReason {
  switch (status) {
    case 401:
    case 402:
    case 403:
      return 'key-refused';
    case 408:
    case 504:
      return 'timeout';
    case 413:
      return 'too-long';
    case 429:
      return 'rate-limited';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 400 && status < 500 ? 'refused' : 'broken';
  }
}

/** A failure without a word of the upstream's that may hold secrets, but for the detail of a refused request. */
export function toFailure(
  status: number,
  headers: IncomingHttpHeaders,
  error: ErrorBody,
  reason: FailureReason,
): UpstreamFailure {
  const code = [error.detailCode, error.code, error.type].find(isCode);
  const parameter =
    error.parameter !== undefined && /^[\w.[\]-]{1,100}$/.test(error.parameter) ? error.parameter : undefined;
  const detail = reason === 'refused' && error.message !== undefined ? redactDetail(error.message) : undefined;
  const retryAfterMs = retryAfterOf(headers);
  return {
    reason,
    status,
    ...(code !== undefined && { code }),
    ...(parameter !== undefined && { parameter }),
    ...(detail !== undefined && { detail }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Codes are words of a protocol; what looks otherwise could be anything. */
const isCode = (code: string | undefined): code is string => code !== undefined && /^[\w.-]{1,64}$/.test(code);

/**
 * The failure in an answer whose status was 200, as some servers and proxies send it; undefined for an ordinary answer.
 * @param failureOf that of the adapter
 */
export function failureInAnswer(
  answer: Json,
  failureOf: (status: number, headers: IncomingHttpHeaders, text: string) => UpstreamFailure,
): UpstreamFailure | undefined {
  const hasContent = Array.isArray(answer.choices) || Array.isArray(answer.content) || Array.isArray(answer.data);
  const hasError = isJson(answer.error) || typeof answer.error === 'string' || answer.type === 'error';
  if (hasContent || !hasError) return undefined;
  const { status } = readFailure(isJson(answer.error) ? answer.error : answer);
  return failureOf(status, {}, JSON.stringify(answer));
}
