import type { IncomingHttpHeaders } from 'node:http';

/** Milliseconds that a server asks to be left alone, by the headers that OpenAI, Azure and RFC 9110 have for it. */
export function retryAfterOf(headers: IncomingHttpHeaders, now = Date.now()): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = numberOf(headers[name]);
    if (ms !== undefined) return ms;
  }
  const header = headers['retry-after'];
  if (header === undefined) return undefined;
  const seconds = numberOf(header);
  if (seconds !== undefined) return seconds * 1000;
  // `Date.parse` takes nearly anything, such as "-1".
  const at = /^[A-Z][a-z]{2}, \d/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}

const numberOf = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(header.trim()) ? Number(header) : undefined;
