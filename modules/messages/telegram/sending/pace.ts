import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalBucket } from '../../../../platform/capabilities/rates/local-bucket.ts';

/** Keeps a process below what Telegram is known to bear. */
export interface Pace {
  /** Waits until something may be sent. @param chatId of groups it begins with a minus */
  wait(botId: string, chatId: string, signal: AbortSignal): Promise<void>;
}

/** Messages a second, and at once: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
const CHAT = [1, 5] as const;
const GROUP = [20 / 60, 5] as const;
const BOT = [30, 30] as const;

export function createPace(): Pace {
  const [chats, groups, bots] = [CHAT, GROUP, BOT].map(([rate, burst]) => createLocalBucket(rate, burst));
  return {
    async wait(botId, chatId, signal) {
      for (const [bucket, key] of [
        [chatId.startsWith('-') ? groups : chats, `${botId}:${chatId}`],
        [bots, botId],
      ] as const) {
        for (let taken = bucket?.take(key); taken && !taken.allowed; taken = bucket?.take(key)) {
          await sleep(Math.max(1, taken.resetAt - Date.now()), undefined, { signal });
        }
      }
    },
  };
}
