export { type Telegram, telegram } from './client/provide-telegram.ts';
export { createTelegramClient, type TelegramClient } from './client/telegram-client.ts';
export { TelegramFailure } from './client/telegram-failure.ts';
export type {
  Keyboard,
  OutgoingAction,
  OutgoingFile,
  RichText,
} from './contract.ts';
export { pollJob, sendJob } from './jobs.ts';
export { type PollAccess, pollBot, readPoll, startPolling } from './polling/poll-bot.ts';
export { createPreviewer, type Previewer } from './previews/create-previewer.ts';
export { sendInChat } from './send-in-chat.ts';
export type { BotAccess } from './sending/contract.ts';
export { FAREWELL, forgetMessages } from './sending/open-messages.ts';
export { createOutage } from './sending/outage.ts';
export { createPace } from './sending/pace.ts';
export {
  botPausedUntil,
  pauseChat,
} from './sending/pauses.ts';
export { sendChat } from './sending/send-chat.ts';
export {
  resumeSending,
  wakeChats,
} from './sending/wake-chats.ts';
export { bold, italic, join, link, plain, quote } from './text/rich-text.ts';
