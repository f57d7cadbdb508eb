/** As much of a client of Telegram's Bot API as payments need. Failures carry no token and no address. */
export interface StarsClient {
  call<T>(method: string, params: object): Promise<T>;
}
