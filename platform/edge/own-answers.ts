import type { ProblemDefinition } from '../kernel/problem.ts';
import { malformedRequest, notFound, payloadTooLarge, unavailable } from '../kernel/problems.ts';

/** Bytes that the edge takes of a request; as in the repository's Caddyfile. */
export const EDGE_BODY = 110_000_000;

/** What Go says of a body whose chunks or trailers are not well-formed. */
export const MALFORMED_BODY = '[Cc]hunk|malformed MIME header|long trailer|header line too long';
/** What it says when the other side, a function, sent something of the kind. */
export const BROKEN_FUNCTION = 'connection broken';

/**
 * The problem that clients get for an error of the edge.
 * @param status what Caddy would answer by itself
 */
export function edgeProblem({ status, message }: { status: number; message: string }): ProblemDefinition {
  if (status === 502 && new RegExp(MALFORMED_BODY).test(message) && !message.includes(BROKEN_FUNCTION)) {
    return malformedRequest;
  }
  if (status === 413) return payloadTooLarge;
  return status < 500 ? notFound : unavailable;
}
