import type { Problem } from '../../../../platform/kernel/problem.ts';
import type { Json } from '../contract.ts';
import { codeOf, errorHeaders, inStream, messageOf } from '../write-openai-error.ts';

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** `code` is ours: Anthropic's types say less than the problems do. */
function errorOf(problem: Problem): Json {
  return {
    type: types[problem.status] ?? (problem.status >= 500 ? 'api_error' : 'invalid_request_error'),
    message: messageOf(problem),
    code: codeOf(problem),
    // A cap on money is a rate limit to Anthropic's clients, apart from this detail.
    ...(problem.type === 'budget-exceeded' && { details: { error_code: 'enforced_spend_limit_reached' } }),
  };
}

export function writeMessagesError(problem: Problem, requestId: string) {
  const headers = { ...errorHeaders(problem, requestId), 'request-id': requestId };
  const body: Json = { type: 'error', error: errorOf(problem), request_id: requestId };
  return { status: problem.status, headers, body };
}

export function writeMessagesStreamError(problem: Problem, requestId: string): string {
  const body = { type: 'error', error: inStream(errorOf(problem)), request_id: requestId };
  return `event: error\ndata: ${JSON.stringify(body)}\n\n`;
}
