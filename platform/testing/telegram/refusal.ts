/** What the Bot API answers in place of a result. */
export class TelegramRefusal extends Error {
  readonly status: number;
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined;
  constructor(status: number, message: string, parameters?: TelegramRefusal['parameters']) {
    super(message);
    this.status = status;
    this.parameters = parameters;
  }
}

export const badRequest = (text: string) => new TelegramRefusal(400, `Bad Request: ${text}`);
export const forbidden = (text: string) => new TelegramRefusal(403, `Forbidden: ${text}`);
export const conflict = (text: string) => new TelegramRefusal(409, `Conflict: ${text}`);

export const tooManyRequests = (seconds: number) =>
  new TelegramRefusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
