import { publicId } from '../files/public-id.ts';
import type { CallRow } from './accept-call.ts';

/** Hours that the answer of a call is kept after its end. */
export const ANSWER_HOURS = 24;

const seconds = (time: Date | null) => (time === null ? null : Math.floor(time.getTime() / 1000));

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
    created_at: seconds(createdAt),
    started_at: seconds(startedAt),
    ended_at: seconds(endedAt),
    expires_at: seconds(expiresAt),
    response:
      row.answer === null
        ? null
        : { status_code: status, request_id: requestId, body: JSON.parse(row.answer) as unknown },
  };
}
