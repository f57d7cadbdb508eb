import type { Params } from '../params.ts';
import type { Context, TelegramBot } from '../state.ts';

/** A call of a method of the Bot API. */
export interface Call {
  context: Context;
  bot: TelegramBot;
  params: Params;
  /** Aborted when the caller is gone. */
  signal: AbortSignal;
}

/** What a method answers. @throws TelegramRefusal */
export type Method = (call: Call) => unknown;
