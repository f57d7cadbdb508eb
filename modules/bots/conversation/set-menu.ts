import type { Database } from '../../../db/client.ts';
import type { Telegram } from '../../messages/telegram/index.ts';
import type { Skill } from '../contract.ts';
import type { BotSeal } from '../records/bot-seal.ts';
import { findBot } from '../records/find-bot.ts';
import { openBot } from '../records/open-bot.ts';
import { commandsOf } from './help.ts';

interface MenuDeps {
  database: Database;
  seal: BotSeal;
  telegram: Telegram;
  skills: readonly Skill[];
}

/** Gives a bot its menu: English, and Russian for those whose Telegram is. */
export async function setMenu(
  deps: MenuDeps,
  { organizationId, botId }: { organizationId: string; botId: string },
): Promise<void> {
  const found = await deps.database.tenant(organizationId, (tx) => findBot(tx, botId));
  if (!found) return;
  const own = found.bot.skills.flatMap((name) => deps.skills.filter((skill) => skill.name === name));
  const client = await openBot(deps, found.bot);
  await client.call('setMyCommands', { commands: commandsOf(own, 'en') });
  await client.call('setMyCommands', { commands: commandsOf(own, 'ru'), language_code: 'ru' });
}
