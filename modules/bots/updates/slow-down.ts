import { plain, sendInChat } from '../../messages/telegram/index.ts';
import type { Bot } from '../contract.ts';
import { words } from '../conversation/words.ts';
import type { Chat } from '../jobs.ts';
import { languageOf } from '../people/open-user.ts';
import type { ChatDeps } from './contract.ts';
import { closeUpdates, type OpenUpdate } from './open-updates.ts';
import { isService, personOf } from './read-update.ts';

const MINUTE_MS = 60_000;

/** Closes what a person sent beyond his or her rate, and says so once a minute. Payments and what else no person writes are no part of it. */
export async function slowDown(
  { database, queue }: ChatDeps,
  { id: botId, organizationId }: Bot,
  { chatId }: Chat,
  open: readonly OpenUpdate[],
  resetAt: number,
): Promise<void> {
  const kept = open.findIndex(isService);
  const closing = kept < 0 ? open : open.slice(0, kept);
  const [first] = closing;
  if (!first) return;
  const language = languageOf(personOf(first.update)?.language_code);
  const seconds = Math.max(1, Math.ceil((resetAt - Date.now()) / 1000));
  const occasion = `pace:${chatId}:${Math.floor(Date.now() / MINUTE_MS)}`;
  const text = plain(words[language].tooFast(seconds));
  await database.tenant(organizationId, async (tx) => {
    await sendInChat(tx, queue, {
      botId,
      organizationId,
      chatId,
      occasion,
      step: 'slow',
      action: { kind: 'text', text },
    });
    await closeUpdates(
      tx,
      botId,
      closing.map(({ updateId }) => updateId),
    );
  });
}
