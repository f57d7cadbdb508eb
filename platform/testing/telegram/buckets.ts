import { createLocalBucket } from '../../capabilities/rates/local-bucket.ts';
import { tooManyRequests } from './refusal.ts';
import type { Settings } from './state.ts';

/** How often bots may send. A bot that was told to wait and does not is told so again. */
export interface Buckets {
  /** @throws TelegramRefusal 429 */
  take(botId: number, chatId: number): void;
  /** Refuses what is sent to a chat, or by a bot without one, for so many seconds. */
  flood(botId: number, chatId: number | undefined, seconds: number): void;
}

export function createBuckets(settings: Settings, now: () => number): Buckets {
  const buckets = {
    chat: createLocalBucket(settings.chat.rate, settings.chat.burst, now),
    group: createLocalBucket(settings.group.rate, settings.group.burst, now),
    bot: createLocalBucket(settings.bot.rate, settings.bot.burst, now),
  };
  const pauses = new Map<string, number>();
  const refuse = (until: number): never => {
    throw tooManyRequests(Math.max(1, Math.ceil((until - now()) / 1000)));
  };
  return {
    take(botId, chatId) {
      const chat = `${botId}:${chatId}`;
      for (const key of [chat, String(botId)]) {
        const until = pauses.get(key) ?? 0;
        if (until > now()) refuse(until);
      }
      const own = (chatId < 0 ? buckets.group : buckets.chat).take(chat);
      const whole = buckets.bot.take(String(botId));
      for (const [key, taken] of [[chat, own] as const, [String(botId), whole] as const]) {
        if (taken.allowed) continue;
        const until = now() + Math.max(1, Math.ceil((taken.resetAt - now()) / 1000)) * 1000;
        pauses.set(key, until);
        refuse(until);
      }
    },
    flood(botId, chatId, seconds) {
      pauses.set(chatId === undefined ? String(botId) : `${botId}:${chatId}`, now() + seconds * 1000);
    },
  };
}
