import { setTimeout as sleep } from 'node:timers/promises';
import type { TelegramClient } from '../client/telegram-client.ts';
import { TelegramFailure } from '../client/telegram-failure.ts';
import type { RichText } from '../contract.ts';
import { split } from '../text/split.ts';

/** Shows how far a text has come, which is then sent as any other message. */
export interface Previewer {
  /** Never fails and never waits; of several texts between two calls the newest is shown. */
  show(text: RichText): void;
  /** Ends it, and removes what would stay. Comes before the text itself is stored to be sent. */
  close(): Promise<void>;
}

export interface PreviewOptions {
  client: TelegramClient;
  chatId: string;
  /** Names the draft in its chat; not 0. */
  draftId: number;
  /** Told when Telegram asks for a pause, which what is sent has to keep as well. */
  onPause?: (seconds: number) => void;
  signal: AbortSignal;
  draftMs?: number;
  editMs?: number;
}

const TEXT_UNITS = 4096;
/** Telegram shows a draft for half a minute, and redraws it at this pace. */
const DRAFT_MS = 700;
const EDIT_MS = 3_000;

/**
 * Drafts in private chats; in others, and where the server knows no drafts, a message that is edited. Whatever Telegram refuses is
 * left out: a preview is worth no repetition.
 */
export function createPreviewer(options: PreviewOptions): Previewer {
  const { client, chatId, signal, onPause, draftMs = DRAFT_MS, editMs = EDIT_MS } = options;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  let newest: RichText | undefined;
  let running: Promise<void> | undefined;
  let isDraft = !chatId.startsWith('-');
  let messageId: number | undefined;

  const call = <T>(method: string, params: object) =>
    client.call<T>(method, { chat_id: chatId, ...params }, {}, { signal: isDraft ? either : signal });
  const draw = async ({ text, entities }: RichText) => {
    if (isDraft)
      return void (await call('sendMessageDraft', { draft_id: options.draftId, text, entities, can_stop: true }));
    if (messageId !== undefined) return void (await call('editMessageText', { message_id: messageId, text, entities }));
    ({ message_id: messageId } = await call<{ message_id: number }>('sendMessage', { text, entities }));
  };
  /** @returns milliseconds until the next is drawn; undefined to draw nothing more */
  const waitAfter = (error: unknown): number | undefined => {
    if (!(error instanceof TelegramFailure)) return undefined;
    const { failure } = error;
    if (failure.reason === 'rate-limited') {
      onPause?.(failure.retryAfterSeconds);
      return failure.retryAfterSeconds * 1000;
    }
    if (failure.reason === 'blocked' || failure.reason === 'unauthorized') return undefined;
    if (failure.reason === 'bad-request') isDraft = false;
    return editMs;
  };
  const run = async () => {
    while (newest && !either.aborted) {
      const piece = split(newest, TEXT_UNITS).at(-1);
      newest = undefined;
      const drawn = piece ? draw(piece) : Promise.resolve();
      const waitMs = await drawn.then(() => (isDraft ? draftMs : editMs), waitAfter);
      if (waitMs === undefined) return ended.abort();
      await sleep(waitMs, undefined, { signal: either }).catch(() => {});
    }
    running = undefined;
  };

  return {
    show(text) {
      newest = text;
      if (!either.aborted) running ??= run();
    },
    async close() {
      ended.abort();
      await running;
      if (messageId !== undefined) await call('deleteMessage', { message_id: messageId }).catch(() => {});
    },
  };
}
