import { createHash, randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import type { Language } from '../../../platform/kernel/problem.ts';
import { openWallet } from '../../commerce/wallets/index.ts';
import { linkedAccount } from '../../people/linked/index.ts';
import type { Bot, BotUser } from '../contract.ts';

/** With the account of the organization that the person has linked. */
export type BotUserRow = typeof botUsers.$inferSelect & { accountId: string | undefined };

interface Arrival {
  /** See `BotSeal.idOf`. */
  id: string;
  telegramId: string;
  chatId: string;
  /** As the person's Telegram has it, such as `ru` or `pt-br`. */
  languageCode: string | undefined;
  updateId: number;
}

/** The person behind an update, with a wallet; made when the person comes for the first time. */
export async function openUser(tx: Transaction, bot: Bot, arrival: Arrival): Promise<BotUserRow> {
  const row = await openRow(tx, bot, arrival);
  return { ...row, accountId: await linkedAccount(tx, { botId: bot.id, subject: arrival.telegramId }) };
}

async function openRow(tx: Transaction, bot: Bot, arrival: Arrival): Promise<typeof botUsers.$inferSelect> {
  const { id, telegramId, chatId, languageCode, updateId } = arrival;
  const language = languageOf(languageCode);
  const walletTerms = termsOf(bot);
  const [known] = await tx.select().from(botUsers).where(eq(botUsers.id, id));
  const open = () => openWalletOf(tx, bot, id);
  if (!known) {
    const walletId = await open();
    const values = { id, organizationId: bot.organizationId, botId: bot.id, telegramId, chatId, language };
    const [made] = await tx
      .insert(botUsers)
      .values({ ...values, walletId, walletTerms, firstUpdateId: updateId, referralCode: newReferralCode() })
      .returning();
    return made as typeof botUsers.$inferSelect;
  }
  if (known.walletTerms !== walletTerms) await open();
  const [seen] = await tx
    .update(botUsers)
    .set({
      ...{ walletTerms, blockedAt: null, seenAt: sql`now()` },
      language: known.languageChosen ? known.language : language,
    })
    .where(eq(botUsers.id, id))
    .returning();
  return seen as typeof botUsers.$inferSelect;
}

const openWalletOf = (tx: Transaction, { organizationId, timeZone, settings }: Bot, reference: string) =>
  openWallet(tx, { organizationId, kind: 'bot-user', reference, timeZone, free: settings.free });

/** What a wallet is opened with. The day is among it, since a wallet does not change its time zone twice a day. */
function termsOf({ timeZone, settings }: Bot): string {
  const terms = [timeZone, settings.free, new Date().toISOString().slice(0, 10)];
  return createHash('sha256').update(JSON.stringify(terms)).digest('base64url').slice(0, 16);
}

const CODE_BYTES = 9;
const newReferralCode = () => randomBytes(CODE_BYTES).toString('base64url');

const RUSSIAN = /^(ru|be|kk)\b/i;
export const languageOf = (code: string | undefined): Language =>
  code !== undefined && !RUSSIAN.test(code) ? 'en' : 'ru';

export const toBotUser = (row: BotUserRow): BotUser => ({
  ...{ id: row.id, botId: row.botId, organizationId: row.organizationId, telegramId: row.telegramId },
  ...{ chatId: row.chatId, language: row.language, walletId: row.walletId },
  ...{ accountId: row.accountId, confirmedAdult: row.adultAt !== null, state: row.state },
});
