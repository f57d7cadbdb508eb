import { Problem } from '../../../platform/kernel/problem.ts';
import { TelegramFailure } from '../../messages/telegram/index.ts';
import { botTokenRefused, telegramRefused, telegramUnavailable } from '../problems.ts';

const RETRY_SECONDS = 5;

/** The result of a call. @throws Problem bot-token-refused, telegram-refused, telegram-unavailable */
export async function askTelegram<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof TelegramFailure)) throw cause;
    const { failure } = cause;
    if (failure.reason === 'unauthorized') throw new Problem(botTokenRefused, { cause });
    if (failure.reason === 'bad-request' || failure.reason === 'conflict') {
      throw new Problem(telegramRefused, { parameters: { reason: failure.description }, cause });
    }
    const seconds = failure.reason === 'rate-limited' ? failure.retryAfterSeconds : RETRY_SECONDS;
    throw new Problem(telegramUnavailable, {
      ...{ parameters: { seconds }, headers: { 'retry-after': String(seconds) }, cause },
    });
  }
}
