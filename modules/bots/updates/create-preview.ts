import type { Database } from '../../../db/client.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import {
  createPreviewer,
  type Previewer,
  pauseChat,
  type RichText,
  type TelegramClient,
} from '../../messages/telegram/index.ts';

export interface Preview extends AsyncDisposable {
  /** Never fails and never waits. */
  show(text: RichText): void;
  /** Ends what is shown; what is shown afterwards begins a new one. */
  close(): Promise<void>;
}

interface PreviewDeps {
  database: Database;
  /** Opens the bot at Telegram. */
  open(): Promise<TelegramClient>;
  chat: { organizationId: string; botId: string; chatId: string };
  /** Names the drafts of this turn. */
  updateId: number;
  signal: AbortSignal;
  log: Log;
}

/** Texts of a turn while they are being written. Telegram is not asked for anything before the first of them. */
export function createPreview({ database, open, chat, updateId, signal, log }: PreviewDeps): Preview {
  const pauses = new Set<Promise<unknown>>();
  let opening: Promise<Previewer | undefined> | undefined;

  /** Messages that are sent keep the pause as well. */
  function onPause(seconds: number): void {
    const noting = database
      .tenant(chat.organizationId, (tx) => pauseChat(tx, chat, seconds))
      .catch((error: unknown) => log.warn({ error, bot: chat.botId }, 'Preview: a pause was not noted'))
      .finally(() => pauses.delete(noting));
    pauses.add(noting);
  }

  async function begin(): Promise<Previewer | undefined> {
    try {
      const client = await open();
      return createPreviewer({ client, chatId: chat.chatId, draftId: updateId || 1, signal, onPause });
    } catch (error) {
      log.warn({ error, bot: chat.botId }, 'Preview: the bot was not opened');
      return undefined;
    }
  }

  async function close(): Promise<void> {
    const opened = opening;
    opening = undefined;
    await (await opened)?.close();
    await Promise.all(pauses);
  }

  return {
    show(text) {
      opening ??= begin();
      void opening.then((previewer) => previewer?.show(text));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
