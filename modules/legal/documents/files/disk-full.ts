import { Problem } from '../../../../platform/kernel/problem.ts';
import { unavailable } from '../../../../platform/kernel/problems.ts';

/** Somebody has to free space first. */
const RETRY_SECONDS = 60;
const codes = ['ENOSPC', 'EDQUOT'];

/** A full disk is no fault of the file's or the request's; anything else is given back as it is. */
export function toDiskProblem(error: unknown): unknown {
  if (!codes.includes((error as NodeJS.ErrnoException | null)?.code ?? '')) return error;
  return new Problem(unavailable, {
    cause: error,
    parameters: { seconds: RETRY_SECONDS },
    headers: { 'retry-after': String(RETRY_SECONDS) },
  });
}
