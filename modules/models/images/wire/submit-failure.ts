import type { IncomingHttpHeaders } from 'node:http';
import { isJson } from '../../dialects/json.ts';
import { type ImageOutcome, NotAccepted, UncertainSubmit } from '../../image-model.ts';
import { retryAfterOf } from '../../providers/failure/retry-after.ts';

/** An answer of a provider. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Undefined for anything but whole JSON. */
  body: unknown;
}

/** The request is at fault, the key, the account, or there are too many: a server says so before it begins. */
const REFUSALS = new Set([401, 402, 403, 422, 429]);
/** The same, as long as the provider itself says it: proxies in front of it use these for other reasons. */
const REFUSALS_IN_WORDS = new Set([400, 404, 405, 413, 415, 503]);
const KEY_REFUSED = new Set([401, 402, 403]);

/**
 * What a failed answer to a submit means.
 * @param isRefused whether the provider refuses what was asked for, and not how
 */
export function submitFailure(
  provider: string,
  { status, headers, body }: Answer,
  isRefused: (body: unknown) => boolean,
): NotAccepted | UncertainSubmit {
  const message = `Submit a picture to "${provider}": status ${status}`;
  const hasWords = isJson(body) || Array.isArray(body);
  if (!REFUSALS.has(status) && !(hasWords && REFUSALS_IN_WORDS.has(status))) return new UncertainSubmit(message);
  const retryable = status === 429 || status === 503;
  const end: Extract<ImageOutcome, { outcome: 'refused' | 'failed' }> = isRefused(body)
    ? { outcome: 'refused', maybeCharged: false }
    : {
        outcome: 'failed',
        reason: retryable || KEY_REFUSED.has(status) ? 'provider-down' : 'provider-refused-settings',
        maybeCharged: false,
      };
  return new NotAccepted(message, { retryable, end, retryAfterMs: retryable ? retryAfterOf(headers) : undefined });
}

/** What a submit without an answer means. @param isSent false when its body surely was not */
export function unansweredSubmit(provider: string, code: string, isSent: boolean): NotAccepted | UncertainSubmit {
  const message = `Submit a picture to "${provider}": ${code}`;
  if (isSent) return new UncertainSubmit(message);
  const end = { outcome: 'failed', reason: 'provider-down', maybeCharged: false } as const;
  return new NotAccepted(message, { retryable: true, end });
}

interface NetworkError {
  code?: unknown;
  syscall?: unknown;
  cause?: unknown;
}

/** Codes of `fetch`, of names and of certificates. */
const NOT_CONNECTED =
  /^(UND_ERR_CONNECT_TIMEOUT|OUTBOUND_FULL|INTERNAL_ADDRESS|CERT_\w+|ERR_TLS_CERT\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/**
 * Why there was no answer, in a word that names no address, and whether a connection was surely not there.
 * @param error what `fetch` threw
 */
export function networkFailure(error: unknown): { code: string; isConnected: boolean } {
  const own = error as NetworkError & { name?: unknown };
  const { code, syscall } = (own.cause ?? own) as NetworkError;
  const isConnected =
    syscall !== 'connect' && syscall !== 'getaddrinfo' && !(typeof code === 'string' && NOT_CONNECTED.test(code));
  const word = [code, own.name].find((each) => typeof each === 'string' && /^\w{1,64}$/.test(each));
  return { code: String(word ?? 'failed'), isConnected };
}
