import { request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { SentryTarget } from './dsn.ts';

export interface SentryAnswer {
  status: number;
  retryAfter: string | undefined;
  /** `X-Sentry-Rate-Limits` */
  rateLimits: string | undefined;
}

/** Longest time from the beginning of a connection to the end of an answer. */
const LONGEST_MS = 10_000;

/** Sends an envelope once. @throws when there was no answer in time */
export function postEnvelope(
  { url, auth }: SentryTarget,
  envelope: Buffer,
  signal: AbortSignal,
): Promise<SentryAnswer> {
  const request = url.protocol === 'https:' ? requestSecurely : requestPlainly;
  const headers = {
    'content-type': 'application/x-sentry-envelope',
    'content-length': envelope.length,
    'x-sentry-auth': auth,
  };
  const ends = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers, agent: false, signal: ends }, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      // What else it says is of no use; it may be endless.
      response.destroy();
      const one = (name: string) => answered[name]?.toString();
      resolve({ status, retryAfter: one('retry-after'), rateLimits: one('x-sentry-rate-limits') });
    })
      .on('error', reject)
      .end(envelope);
  });
}
