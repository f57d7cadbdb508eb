import type { IncomingHttpHeaders } from 'node:http';
import type { FailureReason, UpstreamFailure } from '../adapter.ts';
import { type ErrorBody, readErrorBody } from '../failure/error-body.ts';
import { reasonOfStatus, toFailure } from '../failure/upstream-failure.ts';

/** A key without money, in the words of OpenAI, DashScope, OpenRouter and others; waiting does not help. */
const noMoney = /insufficient_quota|billing_(hard_limit|not_active)|arrearage|insufficient_(balance|credits|funds)/i;
const tooLong =
  /context_length_exceeded|context length|context window|maximum context|prompt is too long|too many (input )?tokens|reduce the length/i;

/** What a failed answer of a server means that speaks OpenAI's protocol. */
export function openAiFailure(status: number, headers: IncomingHttpHeaders, text: string): UpstreamFailure {
  const error = readErrorBody(text);
  return toFailure(status, headers, error, openAiReason(status, error));
}

export function openAiReason(status: number, error: ErrorBody): FailureReason {
  const words = `${error.code ?? ''} ${error.type ?? ''}`;
  if ([400, 402, 403, 429].includes(status) && noMoney.test(words)) return 'key-refused';
  if ([400, 413, 422].includes(status) && tooLong.test(`${words} ${error.message ?? ''}`)) return 'too-long';
  return reasonOfStatus(status);
}
