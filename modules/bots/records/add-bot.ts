import { z } from 'zod';
import type { Transaction } from '../../../db/client.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { requireTimeZone } from '../../commerce/wallets/index.ts';
import { recordAct } from '../../people/record-act.ts';
import { menuJob } from '../jobs.ts';
import { botTaken, botTokenRefused } from '../problems.ts';
import { askTelegram } from './ask-telegram.ts';
import type { AskedBot, BotMaker, ShownBot } from './contract.ts';
import { beginDelivery, type DeliveryDeps } from './delivery.ts';
import type { BotRow } from './find-bot.ts';
import { settingsSchema } from './settings.ts';
import { showBot } from './show-bot.ts';
import { hashOf, newWebhookSecret } from './webhook-secret.ts';

const TOKEN = /^(\d{5,20}):[\w-]{20,100}$/;

export const meSchema = z.object({ id: z.int(), username: z.string(), first_name: z.string() });

/** Who the bot of a token is. @throws Problem bot-token-refused, telegram-unavailable */
export async function identify({ telegram }: Pick<DeliveryDeps, 'telegram'>, token: string) {
  if (!TOKEN.test(token)) throw new Problem(botTokenRefused);
  const me = meSchema.parse(await askTelegram(() => telegram(token).call('getMe')));
  return { telegramId: String(me.id), username: me.username, name: me.first_name };
}

/** See `Bots.create`. What Telegram refuses leaves nothing behind; an update that comes before the end of it is sent again. */
export async function addBot(
  deps: DeliveryDeps,
  { organizationId, userId }: BotMaker,
  { token, skills, timeZone, settings }: AskedBot,
  keep: (tx: Transaction, bot: ShownBot) => Promise<void>,
): Promise<ShownBot> {
  requireTimeZone(timeZone);
  const { database, queue, seal, delivery } = deps;
  const who = await identify(deps, token);
  const id = crypto.randomUUID();
  const secret = newWebhookSecret(organizationId);
  const values = {
    ...{ id, organizationId, createdBy: userId, ...who, skills: [...skills], timeZone, delivery },
    ...{ settings: settingsSchema.parse(settings) as object as Record<string, unknown>, secretHash: hashOf(secret) },
    tokenSealed: await seal.seal({ organizationId, botId: id, kind: 'token' }, token),
    secretSealed: await seal.seal({ organizationId, botId: id, kind: 'secret' }, secret),
  };
  const row: BotRow = await database.tenant(organizationId, async (tx) => {
    const [made] = await tx.insert(bots).values(values).onConflictDoNothing({ target: bots.telegramId }).returning();
    if (!made) throw new Problem(botTaken);
    const details = { username: who.username, skills };
    const actor = userId === undefined ? { actor: 'operator' } : { actorId: userId };
    await recordAct(tx, { organizationId, ...actor, action: 'add-bot', target: id, details });
    await queue.send(tx, menuJob, { kind: 'menu', organizationId, botId: id }, { singleton: id });
    await keep(tx, showBot(made));
    await beginDelivery(deps, tx, made, deps.telegram(token));
    return made;
  });
  return showBot(row);
}
