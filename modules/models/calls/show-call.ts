import { publicId } from '../files/public-id.ts';
import { unixSeconds } from '../files/unix-seconds.ts';
import type { CallRow } from './accept-call.ts';

/** Hours that the answer of a call is kept after its end. */
export const ANSWER_HOURS = 24;

/** A call as its caller knows it, with the answer, or the error, that a live call would have had. */
export function showCall(row: CallRow) {
  const { id, endpoint, model, state, callbackUrl, requestId, status, createdAt, startedAt, endedAt } = row;
  const expiresAt = endedAt && new Date(endedAt.getTime() + ANSWER_HOURS * 3_600_000);
  return {
    id: publicId('async_', id),
    object: 'async.call' as const,
    endpoint: `/v1/${endpoint}`,
    model,
    status: state,
    attempts: row.attempts,
    callback_url: callbackUrl,
    created_at: unixSeconds(createdAt),
    started_at: unixSeconds(startedAt),
    ended_at: unixSeconds(endedAt),
    expires_at: unixSeconds(expiresAt),
    response:
      row.answer === null
        ? null
        : { status_code: status, request_id: requestId, body: JSON.parse(row.answer) as unknown },
  };
}
