import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from '../../dialects/contract.ts';
import { isJson } from '../../dialects/json.ts';
import type { UpstreamFailure } from '../adapter.ts';
import { readErrorBody } from '../failure/error-body.ts';
import { reasonOfStatus, toFailure } from '../failure/upstream-failure.ts';

/** What a failed answer of GigaChat means; the code `token_expired` asks for another token. */
export function gigaChatFailure(status: number, headers: IncomingHttpHeaders, text: string): UpstreamFailure {
  const error = readErrorBody(text);
  const message = error.message ?? '';
  if (status === 401 && /token/i.test(message)) {
    return toFailure(status, headers, { code: 'token_expired' }, 'key-refused');
  }
  const isTooLong =
    (status === 400 || status === 422) && /too (long|many tokens)|tokens? limit|context (length|window)/i.test(message);
  return toFailure(status, headers, error, isTooLong ? 'too-long' : reasonOfStatus(status));
}

/** The failure in an answer whose status was 200, which happens for too many requests. */
export function gigaChatFailureIn(answer: Json): UpstreamFailure | undefined {
  if (Array.isArray(answer.choices) || Array.isArray(answer.data)) return undefined;
  const inner = isJson(answer.error) ? answer.error : answer;
  const { status } = inner;
  if (typeof status !== 'number' || status < 400 || status > 599) return undefined;
  return gigaChatFailure(status, {}, JSON.stringify(inner));
}
