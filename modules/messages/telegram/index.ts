/** @public for functions and workers of bots */
export { type Telegram, telegram } from './client/provide-telegram.ts';
export { createTelegramClient, type TelegramClient, type Upload } from './client/telegram-client.ts';
export { TelegramFailure } from './client/telegram-failure.ts';
export type {
  Button,
  Keyboard,
  OutgoingAction,
  OutgoingFile,
  OutgoingMessage,
  RichText,
  TextEntity,
} from './contract.ts';
export { pollJob, sendJob } from './jobs.ts';
export { sendInChat } from './send-in-chat.ts';
export { bold, code, italic, join, link, plain, quote, slice, trim } from './text/rich-text.ts';
export { split } from './text/split.ts';
