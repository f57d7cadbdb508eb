import { HTTPException } from 'hono/http-exception';
import { isDatabaseAway } from '../../../db/is-away.ts';
import { PaymentProviderFailure } from '../../../modules/commerce/billing/contract.ts';
import { AiFailure } from '../../../modules/models/contract.ts';
import { Problem, type ProblemName } from '../../kernel/problem.ts';

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
  if (error instanceof AiFailure) return new Problem('ai-failed', { cause: error });
  if (error instanceof PaymentProviderFailure) return new Problem('payment-failed', { cause: error });
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
