/** As much of a client of Telegram's Bot API as payments need. Its failures have a `failure` with a `reason`. */
export interface StarsClient {
  call<T>(method: string, params: Readonly<Record<string, unknown>>): Promise<T>;
}
