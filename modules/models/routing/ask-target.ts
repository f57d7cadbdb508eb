import type { Adapter, AdapterCall, UpstreamRequest, UpstreamResponse } from '../providers/adapter.ts';
import type { AdapterOf } from '../providers/adapters.ts';
import { readErrorText } from '../providers/read-small-body.ts';
import type { Transport } from '../upstream/transport.ts';
import type { Attempt } from './attempt.ts';
import { AttemptFailure } from './attempt-failure.ts';
import type { AnswerTimes } from './streams/answer-stream.ts';
import type { Trying } from './try-targets.ts';

/** What all operations of an exchange share. */
export interface ExchangeContext extends Trying {
  transport: Transport;
  adapterOf: AdapterOf;
  held: { events: number; bytes: number };
  times: AnswerTimes;
  /** Largest answer of a conversation. */
  responseBytes: number;
  /** Largest answer of speech, pictures and the like. */
  mediaBytes: number;
}

/**
 * Sends one request to the target of an attempt and hands back an answer of status 2xx. What the key was exchanged for is renewed
 * once when it has expired.
 * @param write makes the request
 * @param headers of the caller; those that `write` sets win
 * @throws AttemptFailure, TransportFailure, UpstreamError
 */
export async function askTarget(
  { transport }: ExchangeContext,
  adapter: Adapter,
  attempt: Attempt,
  write: (call: AdapterCall) => Promise<UpstreamRequest>,
  drop?: (parameter: string) => void,
  headers: Readonly<Record<string, string>> = {},
): Promise<UpstreamResponse> {
  const { provider, model } = attempt.target;
  const send = (request: UpstreamRequest) => transport.send(provider, request, attempt.signal);
  const call: AdapterCall = { provider, key: attempt.key, model, signal: attempt.signal, drop, send };
  for (let isRenewed = false; ; isRenewed = true) {
    const written = await write(call);
    const request = { ...written, headers: { ...headers, ...written.headers } };
    attempt.isSent = true;
    attempt.status = undefined;
    const response = await (adapter.answer ? adapter.answer(request, attempt.signal) : send(request));
    attempt.status = response.status;
    if (response.status >= 200 && response.status < 300) return response;
    const text = await readErrorText(response.body);
    const failure = adapter.failureOf(response.status, response.headers, text);
    if (isRenewed || failure.code !== 'token_expired' || !adapter.renew) throw new AttemptFailure(failure);
    await adapter.renew(call);
  }
}
