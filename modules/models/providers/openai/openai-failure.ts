import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AiFailure } from '../../ai-failure.ts';
import type { UpstreamFailure } from '../adapter.ts';
import { toFailure } from '../failure/upstream-failure.ts';
import { openAiReason } from './failure-of.ts';

/**
 * What an error of the client library means to us. `verdict` is the watchdog's: it knows whether a broken connection
 * was our own doing. Upstream texts may repeat what users wrote and would reach the logs, so neither they nor the error
 * that holds them are kept.
 */
export function toAiFailure(error: unknown, verdict: 'cancelled' | 'timeout' | undefined, action: string): AiFailure {
  if (error instanceof AiFailure) return error;
  const reason = verdict ?? reasonOf(error);
  const upstream = verdict ? {} : upstreamOf(error);
  return new AiFailure(reason, `${action}: ${verdict ?? describe(error)}`, { upstream });
}

/** The same as the gateway makes of such an answer, without what the upstream says in words. */
function upstreamOf(error: unknown): Partial<UpstreamFailure> {
  if (!(error instanceof APIError) || typeof error.status !== 'number') return {};
  const { status, message } = error;
  const words = { code: error.code ?? undefined, type: error.type };
  const reason = openAiReason(status, { ...words, message });
  return toFailure(status, Object.fromEntries(error.headers ?? []), words, reason);
}

function reasonOf(error: unknown): AiFailure['reason'] {
  if (error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof APIUserAbortError) return 'cancelled';
  if (error instanceof APIConnectionError) return 'unreachable';
  if (!(error instanceof APIError)) return 'broken';
  // An error object inside a stream has no status: the server had already said 200.
  const status: number | undefined = error.status;
  if (status === undefined) return 'withdrawn';
  if (status < 400 || status >= 500) return 'broken';
  if (status === 408) return 'timeout';
  return status === 429 ? 'overloaded' : 'refused';
}

function describe(error: unknown): string {
  if (error instanceof APIError && !(error instanceof APIConnectionError)) {
    const status = error.status === undefined ? 'error in the stream' : `status ${error.status}`;
    return [status, ...[error.code, error.type].filter(isName)].join(', ');
  }
  // The library's own error says nothing; what lies under it has a code such as ECONNREFUSED.
  const names: string[] = [];
  for (let at = error; at instanceof Error && names.length < 4; at = at.cause) {
    const { code } = at as { code?: unknown };
    names.push(isName(code) ? code : at.name);
  }
  return names.join(': ') || typeof error;
}

/** Codes are words of a protocol; what looks otherwise could be anybody's. */
const isName = (code: unknown): code is string => typeof code === 'string' && /^[\w.-]{1,64}$/.test(code);
