import { amountOf } from '../../commerce/metering/index.ts';
import { readWallet, type WalletUnit } from '../../commerce/wallets/index.ts';
import { bold, join, plain } from '../../messages/telegram/index.ts';
import type { Bot } from '../contract.ts';
import type { Talk } from '../updates/contract.ts';
import { momentIn } from './moment.ts';
import { words } from './words.ts';

/** What is left of each unit that the bot's skills use, and when free ones come back. */
export async function sayBalance(talk: Talk): Promise<void> {
  const { bot, user, row } = talk;
  const own = words[user.language];
  const used = new Set<string>(talk.skills.flatMap(({ unit }) => unit ?? []));
  await talk.conclude(async (tx) => {
    const { units } = await readWallet(tx, user.walletId);
    const lines = units.filter(({ unit }) => used.has(unit)).flatMap((unit) => linesOf(talk, unit));
    const link = `https://t.me/${bot.username}?start=ref_${row.referralCode}`;
    const parts = [
      bold(own.balance),
      plain(lines.length > 0 ? lines.join('\n') : own.nothingSold),
      ...(lines.length > 0 && bot.settings.referralBonus > 0 ? [plain(`\n${own.invite(link)}`)] : []),
    ];
    await talk.say(tx, 'answer', { kind: 'text', text: join(parts, '\n') });
  });
}

function linesOf({ bot, user: { language } }: { bot: Bot; user: Talk['user'] }, unit: WalletUnit): string[] {
  const own = words[language];
  const amount = (count: number) => amountOf(unit.unit, count)[language];
  return [
    ...(unit.freePerDay > 0
      ? [own.free(amount(unit.freeLeft), unit.freePerDay, momentIn(bot.timeZone, unit.freeResetsAt, language))]
      : []),
    own.bought(amount(unit.bought)),
    ...(unit.held > 0 ? [own.held(amount(unit.held))] : []),
  ];
}
