import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';

const LONGEST_SECONDS = 86_400;

/**
 * What `X-Pandect-Cache` asks for: `off`, or so many seconds that an answer may be kept for equal requests; undefined for what the route
 * says. @throws Problem invalid-request
 */
export function readCacheSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'off') return 0;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LONGEST_SECONDS) return seconds;
  const message = `must be "off" or a whole number of seconds up to ${LONGEST_SECONDS}`;
  throw new Problem(invalidRequest, { errors: [{ path: 'header.x-pandect-cache', message }] });
}
