import { and, eq, isNull, sql } from 'drizzle-orm';
import { botUpdates } from '../../../db/schema/bots/bot-updates.ts';
import type { Begun, ChatDeps } from './contract.ts';

export const stopTopic = 'chat-stop';
export const stopKey = (botId: string, chatId: string): string => `${botId}:${chatId}`;

/** Longer than any job. */
const LONG_MS = 24 * 3_600_000;

/** Aborts when the person presses the stop button of what is being written, which overtakes the chat's order. */
export async function listenForStop(
  { feed, database }: ChatDeps,
  { bot: { id: botId, organizationId }, row: { chatId }, next: { attempts } }: Begun,
): Promise<{ signal: AbortSignal } & Disposable> {
  const [stopped, over] = [new AbortController(), new AbortController()];
  const changes = await feed.subscribe(stopTopic, stopKey(botId, chatId));
  const isAsked = () =>
    database.tenant(organizationId, (tx) =>
      tx.$count(
        botUpdates,
        and(
          ...[eq(botUpdates.botId, botId), eq(botUpdates.chatId, chatId), isNull(botUpdates.handledAt)],
          sql`${botUpdates.payload} ? 'stopped_message_generation'`,
        ),
      ),
    );
  const watch = async () => {
    // It was asked while the update waited to begin again.
    if (attempts > 1 && (await isAsked()) > 0) stopped.abort();
    while (!over.signal.aborted && !stopped.signal.aborted) {
      await changes.next(LONG_MS, over.signal);
      // A connection that came back wakes everyone.
      if (!over.signal.aborted && (await isAsked()) > 0) stopped.abort();
    }
  };
  watch().catch(() => undefined);
  return {
    signal: stopped.signal,
    [Symbol.dispose]() {
      over.abort();
      changes[Symbol.dispose]();
    },
  };
}
