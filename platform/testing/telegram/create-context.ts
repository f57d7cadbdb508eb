import { createBuckets } from './buckets.ts';
import { createDeliverer, type Deliverer } from './deliver-updates.ts';
import { runMethod } from './methods/index.ts';
import { readParams } from './params.ts';
import type { Context, Settings, TelegramBot } from './state.ts';

/** Types that a bot gets only when it asks for them. */
const ASKED_FOR = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** All that the server knows, with what delivers updates of it. @param look called after each change */
export function createContext(
  settings: Settings,
  now: () => number,
  look: () => void,
): { context: Context; deliverer: Deliverer } {
  let ids = 1000;
  const context: Context = {
    ...{ settings, bots: new Map(), people: new Map(), now },
    buckets: createBuckets(settings, now),
    nextId: () => ++ids,
    emit(bot, type, payload, line) {
      const isWanted = bot.allowedUpdates ? bot.allowedUpdates.includes(type) : !ASKED_FOR.has(type);
      if (!isWanted) return;
      const update = { update_id: bot.nextUpdateId++, [type]: structuredClone(payload) };
      bot.pending.push({ update, line, isDelayed: false });
      bot.poll?.('update');
      deliverer.pump(bot);
    },
    changed() {
      for (const bot of context.bots.values()) deliverer.pump(bot);
      look();
    },
  };
  const reply = async (bot: TelegramBot, { method, ...body }: Record<string, unknown>) => {
    const params = await readParams(new URL('http://x'), 'application/json', Buffer.from(JSON.stringify(body)));
    const { signal } = new AbortController();
    // A bot that answers so never learns how it ended.
    await runMethod(String(method), { context, bot, params, signal }).catch(() => {});
  };
  const deliverer = createDeliverer(context, reply);
  return { context, deliverer };
}
