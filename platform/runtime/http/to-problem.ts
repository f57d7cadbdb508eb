import { HTTPException } from 'hono/http-exception';
import { isDatabaseAway } from '../../../db/is-away.ts';
import { Problem, type ProblemName, PublicFailure } from '../../kernel/problem.ts';

/** What the libraries throw by themselves. */
const byStatus: Record<number, { type: ProblemName; parameters?: (error: HTTPException) => Record<string, string> }> = {
  400: { type: 'malformed-json' },
  404: { type: 'not-found' },
  // A body that is missing has no type either.
  415: { type: 'unsupported-media-type', parameters: () => ({ expected: 'application/json' }) },
  504: { type: 'timeout', parameters: ({ message }) => ({ seconds: message }) },
};

/** A server that was killed is back after this time, mostly. */
const AWAY_SECONDS = 2;

/** What a client is told about whatever was thrown, as a response or as the last event of a stream. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PublicFailure) return new Problem(error.problem, { cause: error });
  const known = error instanceof HTTPException ? byStatus[error.status] : undefined;
  if (known)
    return new Problem(known.type, { cause: error, parameters: known.parameters?.(error as HTTPException) ?? {} });
  if (!isDatabaseAway(error)) return new Problem('internal', { cause: error });
  return new Problem('unavailable', {
    cause: error,
    parameters: { seconds: AWAY_SECONDS },
    headers: { 'retry-after': String(AWAY_SECONDS) },
  });
}
