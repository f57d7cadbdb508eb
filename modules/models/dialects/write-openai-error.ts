import { type Problem, toProblemDocument } from '../../../platform/kernel/problem.ts';
import type { Json } from './contract.ts';

/* Errors of OpenAI's formats. Their codes are the problems' types, except where programs know a code of OpenAI's. */

interface Words {
  type: string;
  code: string;
}

const known: Readonly<Record<string, Words>> = {
  unauthenticated: { type: 'invalid_request_error', code: 'invalid_api_key' },
  'rate-limited': { type: 'requests', code: 'rate_limit_exceeded' },
  'too-many-calls-at-once': { type: 'requests', code: 'rate_limit_exceeded' },
  'tokens-per-minute-used': { type: 'tokens', code: 'rate_limit_exceeded' },
  'upstream-rate-limited': { type: 'requests', code: 'rate_limit_exceeded' },
  'budget-exceeded': { type: 'budget_exceeded', code: 'insufficient_quota' },
  'context-too-long': { type: 'invalid_request_error', code: 'context_length_exceeded' },
  'picture-refused': { type: 'image_generation_user_error', code: 'moderation_blocked' },
  'no-units': { type: 'insufficient_quota', code: 'insufficient_quota' },
  'upstream-overloaded': { type: 'overloaded_error', code: 'upstream_overloaded' },
};

const upstream = /^(upstream-|stream-|invalid-upstream-|response-too-large|all-targets-away)/;

/** A problem's own code, in the letters of both companies. */
export const codeOf = ({ type }: Problem): string => type.replaceAll('-', '_');

function wordsOf(problem: Problem): Words {
  const { type, status } = problem;
  const found = known[type];
  if (found) return found;
  const code = codeOf(problem);
  if (upstream.test(type) && status >= 500) return { type: 'upstream_error', code };
  if (status >= 500) return { type: 'server_error', code };
  if (status === 429) return { type: 'requests', code };
  return { type: status === 403 ? 'permission_error' : 'invalid_request_error', code };
}

/** The parameter that a problem is about, as the caller wrote it. */
function parameterOf({ type, parameters, errors }: Problem): string | null {
  if (type === 'model-not-found') return 'model';
  if (typeof parameters.parameter === 'string') return parameters.parameter;
  return errors?.[0]?.path.replace(/^body\./, '') ?? null;
}

/** What a caller is told, with the places of mistakes. */
export function messageOf(problem: Problem): string {
  const { detail } = toProblemDocument(problem, 'en');
  const places = problem.errors?.map(({ path, message }) => `${path.replace(/^body\./, '')}: ${message}`) ?? [];
  return places.length > 0 ? places.join('; ') : detail;
}

/** Problems whose status looks as if waiting could help, and it cannot. */
const lasting = new Set(['budget-exceeded', 'response-too-large', 'price-missing', 'batch-over', 'image-failed']);

/** Whether the same request may succeed soon. The clients of both companies obey it. */
const isRetryable = ({ type, status }: Problem): boolean =>
  (status === 408 || status === 409 || status === 429 || status >= 500) && !lasting.has(type);

/** The problem's headers, with names in lower case, and whether to repeat the request. */
export function errorHeaders(problem: Problem, requestId: string): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(problem.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { seconds } = problem.parameters;
  return {
    ...(typeof seconds === 'number' && { 'retry-after': String(Math.ceil(seconds)) }),
    ...headers,
    'x-request-id': requestId,
    ...(!isRetryable(problem) && { 'x-should-retry': 'false' }),
  };
}

export const openAiError = (problem: Problem): Json => ({
  message: messageOf(problem),
  ...wordsOf(problem),
  param: parameterOf(problem),
});

export function writeOpenAiError(problem: Problem, requestId: string) {
  const body: Json = { error: openAiError(problem) };
  return { status: problem.status, headers: errorHeaders(problem, requestId), body };
}

/** An error inside a stream, where what could not be read is an event. */
export const inStream = (error: Json): Json =>
  error.code === 'invalid_upstream_answer' ? { ...error, code: 'invalid_upstream_event' } : error;
