import type { TelegramClient } from '../client/telegram-client.ts';
import { TelegramFailure } from '../client/telegram-failure.ts';
import type { Chat, SendDeps } from './contract.ts';
import type { PlannedCall } from './plan-call.ts';
import { FileGone, FileUnavailable, sendFile } from './send-file.ts';

/** What came of one call. */
export type Outcome =
  /** `messageId` of the message that shows the action now; none where one was removed. */
  | { kind: 'sent'; messageId: number | undefined; isRemoval: boolean }
  | { kind: 'paused'; seconds: number }
  /** Telegram, or the storage of a file, was not reached, and nothing was done. */
  | { kind: 'unreached' }
  /** Telegram may have done it. */
  | { kind: 'unknown' }
  | { kind: 'blocked' }
  | { kind: 'moved'; toChatId: string }
  | { kind: 'unauthorized' }
  | { kind: 'failed'; reason: string };

/** Of an edit whose message is not there, or no text, any more: what it says is sent. */
const GONE = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|there is no (text|caption) in/;

/** Makes a call and says what came of it. Never fails for what Telegram answers. */
export async function makeCall(
  deps: SendDeps,
  client: TelegramClient,
  chat: Chat,
  call: Exclude<PlannedCall, { kind: 'done' | 'impossible' }>,
  signal: AbortSignal,
): Promise<Outcome> {
  const sent = (messageId: number | undefined): Outcome => ({
    kind: 'sent',
    messageId,
    isRemoval: call.kind === 'remove',
  });
  try {
    if (call.kind === 'file') return sent((await sendFile(deps, client, chat, call, signal)).message_id);
    if (call.kind === 'remove') {
      await client.call('deleteMessages', { chat_id: chat.chatId, message_ids: call.messageIds }, {}, { signal });
      return sent(undefined);
    }
    return sent(await callOrSendNew(client, chat, call, signal));
  } catch (error) {
    if (error instanceof FileGone) return { kind: 'failed', reason: 'file-gone' };
    if (error instanceof FileUnavailable) return { kind: 'unreached' };
    if (!(error instanceof TelegramFailure)) throw error;
    // Messages that cannot be removed stay.
    if (call.kind === 'remove' && error.reason === 'bad-request') return sent(undefined);
    return outcomeOf(error);
  }
}

async function callOrSendNew(
  client: TelegramClient,
  chat: Chat,
  { method, params, edits }: Extract<PlannedCall, { kind: 'call' }>,
  signal: AbortSignal,
): Promise<number> {
  const send = (name: string, what: object) =>
    client.call<{ message_id: number }>(name, { chat_id: chat.chatId, ...what }, {}, { signal });
  if (edits === undefined) return (await send(method, params)).message_id;
  try {
    await send(method, params);
    return edits;
  } catch (error) {
    const description =
      error instanceof TelegramFailure && error.failure.reason === 'bad-request' ? error.failure.description : '';
    if (description.includes('message is not modified')) return edits;
    if (!GONE.test(description)) throw error;
    const { message_id: _, caption, caption_entities, ...rest } = params;
    const words = caption === undefined ? {} : { text: caption, entities: caption_entities };
    return (await send('sendMessage', { ...rest, ...words })).message_id;
  }
}

function outcomeOf({ failure }: TelegramFailure): Outcome {
  switch (failure.reason) {
    case 'rate-limited':
      return { kind: 'paused', seconds: failure.retryAfterSeconds };
    case 'blocked':
    case 'unauthorized':
      return { kind: failure.reason };
    case 'migrated':
      return { kind: 'moved', toChatId: failure.toChatId };
    case 'unavailable':
      return { kind: 'unreached' };
    case 'uncertain':
      return { kind: 'unknown' };
    case 'bad-request':
    case 'conflict':
      return { kind: 'failed', reason: failure.description };
  }
}
