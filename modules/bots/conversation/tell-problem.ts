import type { Transaction } from '../../../db/client.ts';
import { isProblem, type Problem, toProblemDocument } from '../../../platform/kernel/problem.ts';
import { amountOf, releaseUnits, reservationState } from '../../commerce/metering/index.ts';
import { walletEmpty } from '../../commerce/problems.ts';
import { readWallet } from '../../commerce/wallets/index.ts';
import { join, type Keyboard, plain } from '../../messages/telegram/index.ts';
import type { Talk } from '../updates/contract.ts';
import { momentIn } from './moment.ts';
import { words } from './words.ts';

/** Tells a person why it was not done, and is done with the update; what the skill had reserved is given back. */
export const tellProblem = (talk: Talk, problem: Problem): Promise<void> =>
  talk.conclude(async (tx) => {
    const isEmpty = isProblem(problem, walletEmpty);
    const lines = isEmpty ? await linesOfEmpty(tx, talk, String(problem.parameters.unit)) : [textOf(talk, problem)];
    const keyboard: Keyboard = isEmpty ? [[{ text: words[talk.user.language].buy, data: 'bot:buy' }]] : [];
    await talk.say(tx, 'problem', {
      ...{ kind: 'text', text: join(lines.map(plain), '\n') },
      ...(keyboard.length > 0 && { keyboard }),
    });
    await releaseOpen(tx, talk);
  });

const textOf = ({ user: { language } }: Talk, problem: Problem): string => {
  const { title, detail } = toProblemDocument(problem, language);
  return `${title}. ${detail}.`;
};

async function linesOfEmpty(tx: Transaction, { user, bot }: Talk, name: string): Promise<string[]> {
  const own = words[user.language];
  const { units } = await readWallet(tx, user.walletId);
  const unit = units.find((each) => each.unit === name);
  const left = (unit?.freeLeft ?? 0) + (unit?.bought ?? 0);
  return [
    own.noneLeft(amountOf(name, left)[user.language]),
    ...(unit && unit.freePerDay > 0 ? [own.comesBack(momentIn(bot.timeZone, unit.freeResetsAt, user.language))] : []),
  ];
}

/** Of the update. A skill that has settled before leaves nothing to be given back. */
export async function releaseOpen(tx: Transaction, talk: Talk): Promise<void> {
  const state = await reservationState(tx, talk.requestId);
  if (state === 'reserved' || state === 'started') await releaseUnits(tx, talk.bot.organizationId, talk.requestId);
}
