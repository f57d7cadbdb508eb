import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AiFailure } from './contract.ts';

/**
 * What an error of the client library means to us. `verdict` is the watchdog's: it knows whether a broken connection
 * was our own doing.
 */
export function toAiFailure(error: unknown, verdict: 'cancelled' | 'timeout' | undefined, action: string): AiFailure {
  if (error instanceof AiFailure) return error;
  const reason = verdict ?? reasonOf(error);
  return new AiFailure(reason, `${action}: ${verdict ?? describe(error)}`, { cause: error });
}

function reasonOf(error: unknown): AiFailure['reason'] {
  if (error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof APIUserAbortError) return 'cancelled';
  if (error instanceof APIConnectionError) return 'unreachable';
  if (!(error instanceof APIError)) return 'broken';
  // An error object inside a stream has no status: the server had already said 200.
  const status: number | undefined = error.status;
  if (status === undefined || status < 400 || status >= 500) return 'broken';
  if (status === 408) return 'timeout';
  return status === 429 ? 'overloaded' : 'refused';
}

/** The error with what lies under it: the library's "Connection error." alone says nothing. */
function describe(error: unknown): string {
  const messages: string[] = [];
  for (let at = error; at instanceof Error && messages.length < 4; at = at.cause) {
    if (at.message !== '') messages.push(at.message);
  }
  return messages.join(': ') || String(error);
}
