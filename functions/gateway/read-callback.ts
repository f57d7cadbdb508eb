import type { Context } from 'hono';
import { callbackMistake } from '../../modules/models/callbacks/check-callback-url.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';

/** In a header, as the body is in a format that has no place for it, and all clients can set headers. */
const HEADER = 'x-pandect-callback';

/** The address that is told of the end of a call or batch; undefined without one. @throws Problem invalid-request */
export function readCallback(c: Context, allowedHosts: readonly string[]): string | undefined {
  const url = c.req.header(HEADER);
  if (url === undefined) return undefined;
  const message = callbackMistake(url, allowedHosts);
  if (message !== undefined) throw new Problem(invalidRequest, { errors: [{ path: `header.${HEADER}`, message }] });
  return new URL(url).href;
}
