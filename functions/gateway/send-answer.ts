import type { Context } from 'hono';
import type { Dialect } from '../../modules/models/dialects/contract.ts';
import type { ModelAnswer } from '../../modules/models/gateway/call-model.ts';
import { replayAnswer, type StoredAnswer } from '../../modules/models/gateway/stored-answer.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import { answerHeaders, type SendLater } from './begin-call.ts';
import type { CallTime } from './call-time.ts';
import { sendStream } from './send-stream.ts';

/** Sends an answer that was made for this request, or is kept of an earlier one under its `Idempotency-Key`; whole or as a stream. */
export async function sendAnswer(
  c: Context<RouterEnv>,
  answer: { stored: StoredAnswer } | { made: ModelAnswer },
  { dialect, time }: { dialect: Dialect; time: CallTime },
): Promise<Response | SendLater> {
  const isStored = 'stored' in answer;
  const headers = isStored ? storedHeaders(answer.stored) : await madeHeaders(answer.made);
  const given = isStored ? replayAnswer(answer.stored) : answer.made;
  if (given.kind === 'begun') return sendLater(c, given, { dialect, headers, time });
  return c.body(given.body as never, given.status as 200, { 'content-type': given.contentType, ...headers });
}

/** Holds nothing else, such as the request. */
const sendLater =
  (...answer: Parameters<typeof sendStream>): SendLater =>
  () =>
    sendStream(...answer);

const storedHeaders = ({ target }: StoredAnswer) => ({ 'x-pandect-target': target, 'idempotent-replayed': 'true' });

/** The cost of a stream is known after its end. */
async function madeHeaders({ kind, settled, isCached, ...answer }: ModelAnswer): Promise<Record<string, string>> {
  const cost = kind === 'whole' ? (await settled)?.cost : undefined;
  return {
    ...answerHeaders({ ...answer, cost }),
    ...(isCached !== undefined && { 'x-pandect-cache': isCached ? 'hit' : 'miss' }),
  };
}
