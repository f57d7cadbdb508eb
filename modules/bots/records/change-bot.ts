import { eq } from 'drizzle-orm';
import { bots } from '../../../db/schema/bots/bots.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { requireTimeZone } from '../../commerce/wallets/index.ts';
import { resumeSending } from '../../messages/telegram/index.ts';
import { recordAct } from '../../people/record-act.ts';
import { menuJob } from '../jobs.ts';
import { otherBot } from '../problems.ts';
import { identify } from './add-bot.ts';
import type { BotChanges, ShownBot } from './contract.ts';
import { beginDelivery, clientOf, type DeliveryDeps, endDelivery } from './delivery.ts';
import type { BotRow } from './find-bot.ts';
import { settingsSchema } from './settings.ts';
import { showBot } from './show-bot.ts';

/** See `Bots.change`. */
export async function changeBot(
  deps: DeliveryDeps,
  { organizationId, userId }: Caller,
  bot: BotRow,
  { token, skills, timeZone, settings, isStopped }: BotChanges,
): Promise<ShownBot> {
  const { database, queue, seal } = deps;
  if (timeZone !== undefined) requireTimeZone(timeZone);
  const renewed = token === undefined ? {} : await renewToken(deps, bot, token, seal);
  const state =
    isStopped === undefined ? (token === undefined ? bot.state : activeUnless(bot)) : isStopped ? 'stopped' : 'active';
  const set = {
    ...renewed,
    ...{ state, skills: [...(skills ?? bot.skills)], timeZone: timeZone ?? bot.timeZone },
    settings: settingsSchema.parse({ ...bot.settings, ...settings }) as object as Record<string, unknown>,
  } as const;
  const row = await database.tenant(organizationId, async (tx) => {
    const [changed] = await tx.update(bots).set(set).where(eq(bots.id, bot.id)).returning();
    const details = { skills: set.skills, state, token: token !== undefined };
    await recordAct(tx, { organizationId, actorId: userId, action: 'change-bot', target: bot.id, details });
    await queue.send(tx, menuJob, { kind: 'menu', organizationId, botId: bot.id }, { singleton: bot.id });
    const row = changed ?? bot;
    const isBack = bot.state !== 'active' || token !== undefined;
    if (row.state === 'active' && isBack) await beginDelivery(deps, tx, row, await clientOf(deps, row));
    if (row.state === 'active' && token !== undefined)
      await resumeSending(tx, queue, { organizationId, botId: row.id });
    if (row.state === 'stopped' && bot.state !== 'stopped') await endDelivery(deps, row);
    return row;
  });
  return showBot(row);
}

const activeUnless = ({ state }: BotRow) => (state === 'stopped' ? 'stopped' : 'active');

async function renewToken(deps: DeliveryDeps, bot: BotRow, token: string, seal: DeliveryDeps['seal']) {
  const { telegramId, username, name } = await identify(deps, token);
  if (telegramId !== bot.telegramId) throw new Problem(otherBot, { parameters: { username } });
  const owner = { organizationId: bot.organizationId, botId: bot.id, kind: 'token' } as const;
  return { username, name, tokenSealed: await seal.seal(owner, token) };
}
