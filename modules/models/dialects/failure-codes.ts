import { entryOf, fieldsOf } from './json.ts';

/** What the status would have been, by the words of the providers. */
const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_prompt: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  content_policy_violation: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  model_not_found: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  too_many_requests: 429,
  insufficient_quota: 429,
  enforced_spend_limit_reached: 429,
  api_error: 500,
  server_error: 500,
  internal_server_error: 500,
  service_unavailable: 503,
  service_unavailable_error: 503,
  timeout_error: 504,
  timeout: 504,
  overloaded_error: 529,
  overloaded: 529,
  engine_overloaded: 529,
  server_overloaded: 529,
};

const httpStatus = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 400 && number <= 599 ? number : undefined;
};

const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z][\w.-]{0,63}$/i.test(value) ? value : undefined;

/**
 * An error inside a stream: what the status would have been, and the upstream's code.
 * @param error of any provider: its code or type may be a word of ours above, a word of its own, or a status
 */
export function readFailure(error: unknown): { status: number; code: string } {
  const object = fieldsOf(error);
  const words = [fieldsOf(object.details).error_code, object.code, object.type].map(codeOf);
  const known = words.find((word) => entryOf(statuses, word) !== undefined);
  const status =
    httpStatus(object.code) ?? httpStatus(object.status) ?? httpStatus(object.type) ?? entryOf(statuses, known);
  return { status: status || 500, code: known ?? words.find((word) => word !== undefined) ?? 'error' };
}
