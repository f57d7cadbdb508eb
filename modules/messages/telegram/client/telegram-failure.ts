export type TelegramFailureReason =
  | { reason: 'rate-limited'; retryAfterSeconds: number }
  /** The chat cannot be written to: the bot is blocked there, or the person is gone. */
  | { reason: 'blocked' }
  /** The token is void. */
  | { reason: 'unauthorized' }
  /** A webhook is set, or someone else polls. */
  | { reason: 'conflict'; description: string }
  | { reason: 'migrated'; toChatId: string }
  /** `description` is Telegram's, without "Bad Request: ". */
  | { reason: 'bad-request'; description: string }
  /** Telegram may have done it. */
  | { reason: 'uncertain' }
  /** It was not reached, so that it has not done it. */
  | { reason: 'unavailable' };

/** A call that Telegram did not answer with a result. The message names the method alone, so that it may be logged. */
export class TelegramFailure extends Error {
  override readonly name: string = 'TelegramFailure';
  readonly failure: TelegramFailureReason;
  constructor(method: string, failure: TelegramFailureReason) {
    super(`Call Telegram's ${method}: ${failure.reason}`);
    this.failure = failure;
  }
  get reason(): TelegramFailureReason['reason'] {
    return this.failure.reason;
  }
}
