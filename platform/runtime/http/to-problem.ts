import { HTTPException } from 'hono/http-exception';
import { isDatabaseAway } from '../../../db/is-away.ts';
import { StorageUnavailable } from '../../capabilities/storage/contract.ts';
import { Problem, type ProblemDefinition, PublicFailure } from '../../kernel/problem.ts';
import {
  internal,
  malformedJson,
  notFound,
  timeout,
  unavailable,
  unsupportedMediaType,
} from '../../kernel/problems.ts';

/** What the libraries throw by themselves. */
const byStatus: Record<
  number,
  { definition: ProblemDefinition; parameters?: (error: HTTPException) => Record<string, string> }
> = {
  400: { definition: malformedJson },
  404: { definition: notFound },
  // A body that is missing has no type either.
  415: { definition: unsupportedMediaType, parameters: () => ({ expected: 'application/json' }) },
  504: { definition: timeout, parameters: ({ message }) => ({ seconds: message }) },
};

/** A server that was killed is back after this time, mostly. */
const AWAY_SECONDS = 2;

/** A storage may be on the other side of the Internet. */
const STORAGE_AWAY_SECONDS = 10;

/** What a client is told about whatever was thrown, as a response or as the last event of a stream. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PublicFailure) return new Problem(error.problem, { cause: error });
  const known = error instanceof HTTPException ? byStatus[error.status] : undefined;
  if (known)
    return new Problem(known.definition, {
      cause: error,
      parameters: known.parameters?.(error as HTTPException) ?? {},
    });
  // What failed first counts, not what failed while it was cleaned up after.
  if (error instanceof SuppressedError) return toProblem(error.suppressed);
  if (error instanceof StorageUnavailable) return awayFor(STORAGE_AWAY_SECONDS, error);
  return isDatabaseAway(error) ? awayFor(AWAY_SECONDS, error) : new Problem(internal, { cause: error });
}

const awayFor = (seconds: number, cause: unknown) =>
  new Problem(unavailable, { cause, parameters: { seconds }, headers: { 'retry-after': String(seconds) } });
