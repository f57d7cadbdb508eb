import { and, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { tellPeople } from '../../commerce/tell-people.ts';
import { type BotAccess, type PollAccess, startPolling, type Telegram } from '../../messages/telegram/index.ts';
import { markBlocked } from '../people/change-user.ts';
import { storeUpdate } from '../updates/accept-update.ts';
import { allowedUpdates, readUpdate } from '../updates/read-update.ts';
import type { BotSeal } from './bot-seal.ts';
import { findBotRow } from './find-bot.ts';

declare module '../../../platform/capabilities/outbox/contract.ts' {
  interface NotificationParameters {
    /** `bot` is its name in Telegram, without the `@`. */
    'bot-refused': { bot: string };
  }
}

export interface BotAccessDeps {
  database: Database;
  queue: Queue;
  seal: BotSeal;
  telegram: Telegram;
  notifications: Notifications;
}

/** What the worker `sending` needs to know of bots. Its login sees all organizations. */
export function createBotAccess({
  database,
  queue,
  seal,
  telegram,
  notifications,
}: BotAccessDeps): BotAccess & PollAccess {
  const find = (botId: string) => database.transaction((tx) => findBotRow(tx, botId));
  return {
    allowedUpdates,
    async open({ botId }) {
      const row = await find(botId);
      if (row?.state !== 'active') return undefined;
      const { organizationId } = row;
      return telegram(await seal.open({ organizationId, botId, kind: 'token' }, row.tokenSealed));
    },
    async isPolled({ botId }) {
      const row = await find(botId);
      return row?.state === 'active' && row.delivery === 'polling';
    },
    async markUnauthorized(tx, { botId }) {
      const [bot] = await tx
        .update(bots)
        .set({ state: 'unauthorized' })
        .where(and(eq(bots.id, botId), eq(bots.state, 'active')))
        .returning({ organizationId: bots.organizationId, username: bots.username });
      if (!bot) return;
      const { organizationId, username } = bot;
      const reference = `${botId}/${new Date().toISOString()}`;
      const letter = { organizationId, kind: 'bot-refused', reference, parameters: { bot: username } } as const;
      await tellPeople(tx, notifications, ['owner'], letter);
    },
    markBlocked: (tx, { botId, chatId }, isBlocked) => markBlocked(tx, botId, chatId, isBlocked),
    async accept(tx, { organizationId, botId }, updates) {
      const calls = [];
      for (const each of updates) {
        const update = readUpdate(each);
        if (!update) continue;
        const call = await storeUpdate(tx, queue, { id: botId, organizationId }, update);
        if (call) calls.push(call);
      }
      return calls;
    },
  };
}

/** Has every bot polled that is to be; those that are already go on. */
export async function pollAll(tx: Transaction, queue: Queue): Promise<void> {
  const polled = await tx
    .select({ botId: bots.id, organizationId: bots.organizationId })
    .from(bots)
    .where(sql`${bots.state} = 'active' and ${bots.delivery} = 'polling'`);
  for (const bot of polled) await startPolling(tx, queue, bot);
}
