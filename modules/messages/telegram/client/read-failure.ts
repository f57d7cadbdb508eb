import { z } from 'zod';
import type { TelegramFailureReason } from './telegram-failure.ts';

const refusalSchema = z.object({
  description: z.string().default(''),
  parameters: z
    .object({ retry_after: z.number().nonnegative().optional(), migrate_to_chat_id: z.number().optional() })
    .optional(),
});

/** What an answer without a result means. https://core.telegram.org/bots/api#making-requests */
export function readRefusal(status: number, body: unknown): TelegramFailureReason {
  const { data } = refusalSchema.safeParse(body);
  const description = (data?.description ?? '').replace(/^[A-Z][A-Za-z ]+: /, '').slice(0, 200);
  const { retry_after: retryAfterSeconds = 1, migrate_to_chat_id: movedTo } = data?.parameters ?? {};
  if (status === 429) return { reason: 'rate-limited', retryAfterSeconds };
  if (movedTo !== undefined) return { reason: 'migrated', toChatId: String(movedTo) };
  if (status === 401) return { reason: 'unauthorized' };
  // So is a token answered that has not even the form of one; an unknown method is described as such.
  if (status === 404) return description.includes('method') ? badRequest(description) : { reason: 'unauthorized' };
  if (status === 403) return { reason: 'blocked' };
  if (status === 400 && description === 'chat not found') return { reason: 'blocked' };
  if (status === 409) return { reason: 'conflict', description };
  if (status >= 400 && status < 500) return badRequest(description || `status ${status}`);
  return { reason: 'uncertain' };
}

const badRequest = (description: string): TelegramFailureReason => ({ reason: 'bad-request', description });

/** Codes of connections that were never there, so that nothing was sent over them. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const UNREACHED_BY_RULE = new Set(['UND_ERR_CONNECT_TIMEOUT', 'INTERNAL_ADDRESS', 'NOT_ALLOWED']);

/** What it means that `fetch` failed. */
export function readBreak(error: unknown): TelegramFailureReason {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (code !== undefined && (UNREACHED.has(code) || UNREACHED_BY_RULE.has(code))) return { reason: 'unavailable' };
    if (one instanceof AggregateError && one.errors.every((each) => readBreak(each).reason === 'unavailable')) {
      return { reason: 'unavailable' };
    }
  }
  return { reason: 'uncertain' };
}
