import { and, eq, ne } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { grantUnits } from '../../commerce/wallets/index.ts';
import type { Bot, BotUnit, Skill } from '../contract.ts';
import { changeUser } from './change-user.ts';
import type { BotUserRow } from './open-user.ts';

interface Invited {
  bot: Bot;
  skills: readonly Skill[];
  row: BotUserRow;
  updateId: number;
}

/**
 * Gives a new person and who invited him or her the bonus of the bot. Only the very update by which a person came counts; a person who is erased and
 * comes back has had it.
 */
export async function rewardInvitation(
  tx: Transaction,
  { bot, skills, row, updateId }: Invited,
  code: string,
): Promise<boolean> {
  const unit = soldUnit(skills);
  const amount = bot.settings.referralBonus;
  if (row.firstUpdateId !== updateId || unit === undefined || amount === 0) return false;
  const [inviter] = await tx
    .select()
    .from(botUsers)
    .where(and(eq(botUsers.botId, bot.id), eq(botUsers.referralCode, code), ne(botUsers.id, row.id)));
  if (!inviter) return false;
  const grant = { organizationId: bot.organizationId, unit, amount, reference: `referral:${row.id}`, by: 'bot' };
  const isFirst = await grantUnits(tx, { ...grant, walletId: row.walletId, reason: 'came by an invitation' });
  if (!isFirst) return false;
  await grantUnits(tx, { ...grant, walletId: inviter.walletId, reason: 'invited a person' });
  await changeUser(tx, row.id, { referredBy: inviter.id });
  return true;
}

export const soldUnit = (skills: readonly Skill[]): BotUnit | undefined => skills.find(({ unit }) => unit)?.unit;
