import type { Database } from '../../../db/client.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Telegram, TelegramClient } from '../../messages/telegram/index.ts';
import type { BotSeal } from './bot-seal.ts';
import { findBotRow } from './find-bot.ts';

interface OpenDeps {
  database: Database;
  seal: BotSeal;
  telegram: Telegram;
}

/** A bot at Telegram, by its token. @throws Problem not-found */
export async function openBot(
  { database, seal, telegram }: OpenDeps,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<TelegramClient> {
  const row = await database.tenant(organizationId, (tx) => findBotRow(tx, id));
  if (!row) throw new Problem(notFound);
  return telegram(await seal.open({ organizationId, botId: id, kind: 'token' }, row.tokenSealed));
}
