import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { recordAct } from '../../people/record-act.ts';
import { addBot } from './add-bot.ts';
import { changeBot } from './change-bot.ts';
import { checkBot } from './check-bot.ts';
import type { Bots } from './contract.ts';
import { changeDelivery, type DeliveryDeps, endDelivery } from './delivery.ts';
import { type BotRow, findBotRow } from './find-bot.ts';
import { removeBot } from './remove-bot.ts';
import { showBot, showUser } from './show-bot.ts';
import { stopSubscriptions } from './stop-subscriptions.ts';

const pages = newestFirst(botUsers.createdAt, botUsers.id);

export function createBots(deps: DeliveryDeps): Bots {
  const { database } = deps;
  const find = (organizationId: string, id: string) => database.tenant(organizationId, (tx) => requireBot(tx, id));
  return {
    create: (maker, asked, keep) => addBot(deps, maker, asked, keep),
    change: async (caller, id, changes) => changeBot(deps, caller, await find(caller.organizationId, id), changes),
    read: async (organizationId, id) => showBot(await find(organizationId, id)),
    check: async (organizationId, id) => checkBot(deps, await find(organizationId, id)),
    setDelivery: async (organizationId, id, delivery) =>
      showBot(await changeDelivery(deps, await find(organizationId, id), delivery)),
    async list(organizationId) {
      const rows = await database.tenant(organizationId, (tx) =>
        tx
          .select()
          .from(bots)
          .where(eq(bots.organizationId, organizationId))
          .orderBy(desc(bots.createdAt), desc(bots.id)),
      );
      return rows.map(showBot);
    },
    async remove({ organizationId, userId }, id) {
      const bot = await find(organizationId, id);
      await stopSubscriptions(deps, bot);
      // Telegram gives up on a webhook that is not there any more, also where it cannot be told now.
      await endDelivery(deps, bot).catch(() => undefined);
      await database.tenant(organizationId, async (tx) => {
        await removeBot(tx, bot);
        const details = { username: bot.username };
        await recordAct(tx, { organizationId, actorId: userId, action: 'remove-bot', target: bot.id, details });
      });
    },
    async users(organizationId, id, { after, limit }) {
      const rows = await database.tenant(organizationId, async (tx) => {
        const bot = await requireBot(tx, id);
        return tx
          .select()
          .from(botUsers)
          .where(and(eq(botUsers.botId, bot.id), pages.after(after)))
          .orderBy(...pages.order)
          .limit(limit + 1);
      });
      return { items: rows.slice(0, limit).map(showUser), more: rows.length > limit };
    },
  };
}

/** @throws Problem not-found, for those of others too */
async function requireBot(tx: Transaction, id: string): Promise<BotRow> {
  const row = z.uuid().safeParse(id).success ? await findBotRow(tx, id) : undefined;
  if (!row) throw new Problem(notFound);
  return row;
}
