import { QdrantClientTimeoutError } from '@qdrant/js-client-rest';

interface Answer {
  status: number;
  data?: { status?: { error?: string } };
}

const answerOf = (error: unknown): Answer | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? (error as unknown as Answer)
    : undefined;

/** HTTP status of the answer that made a request of the client fail; undefined when there was no answer. */
export const statusOf = (error: unknown): number | undefined => answerOf(error)?.status;

/** Words a failure of the client: which action, at which server, and why. The failure itself is the cause. */
export function qdrantFailure(action: string, url: string, timeoutMs: number, cause: unknown): Error {
  return new Error(`${action} at Qdrant "${new URL(url).origin}": ${reason(cause, timeoutMs)}`, { cause });
}

function reason(cause: unknown, timeoutMs: number): string {
  const answer = answerOf(cause);
  if (answer) return `status ${answer.status} ${answer.data?.status?.error ?? ''}`.trim();
  if (cause instanceof QdrantClientTimeoutError) return `no answer within ${timeoutMs} ms`;
  if (!(cause instanceof Error)) return String(cause);
  // fetch hides what happened ("connect ECONNREFUSED …") behind "fetch failed".
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
