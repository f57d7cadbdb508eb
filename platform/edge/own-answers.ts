import type { ProblemDefinition } from '../kernel/problem.ts';
import { malformedRequest, notFound, payloadTooLarge, unavailable } from '../kernel/problems.ts';

/** Bytes that the edge takes of a request; as in the repository's Caddyfile. */
export const EDGE_BODY = 110_000_000;

/** What Go says of a body whose chunks or trailers are not well-formed. */
export const MALFORMED_BODY = '[Cc]hunk|malformed MIME header|long trailer|header line too long';
/** What it says when the other side, a function, sent something of the kind. */
export const BROKEN_FUNCTION = 'connection broken';
/** A preview that there is none of has no link, which is what its address leads to. */
export const PREVIEWS = '/_preview/';
export const NO_LINK = 'no such file';

/**
 * The problem that clients get for an error of the edge.
 * @param status what Caddy would answer by itself
 * @param path as the client asked for it
 */
export function edgeProblem({
  status,
  message,
  path,
}: {
  status: number;
  message: string;
  path: string;
}): ProblemDefinition {
  if (status === 502 && new RegExp(MALFORMED_BODY).test(message) && !message.includes(BROKEN_FUNCTION)) {
    return malformedRequest;
  }
  if (status === 413) return payloadTooLarge;
  if (path.startsWith(PREVIEWS) && message.includes(NO_LINK)) return notFound;
  return status < 500 ? notFound : unavailable;
}
