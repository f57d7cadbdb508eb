import type { Transaction } from '../../../../db/client.ts';
import { type Keyboard, plain } from '../../../messages/telegram/index.ts';
import type { Turn } from '../../contract.ts';
import { cardOf } from './deck/cards.ts';
import { type CardsRead, type ReadCard, readCards } from './deck/read-cards.ts';
import { cleanQuestion } from './safety/clean-question.ts';
import { isCrisis } from './safety/is-crisis.ts';
import { findSpread, type Spread, spreads } from './spreads.ts';
import { stateOf, type TarotState } from './state.ts';
import { words } from './words.ts';

/** Cards to be laid, once a person has said all that is needed; undefined while something is missing, which was asked for. */
export type Ready = { spread: Spread; question: string; named?: readonly ReadCard[] } | undefined;

const say = (turn: Turn, tx: Transaction, text: string, keyboard?: Keyboard) =>
  turn.say(tx, 'talk', { kind: 'text', text: plain(text), ...(keyboard && { keyboard }) });

const remember = (turn: Turn, tx: Transaction, state: TarotState) => turn.remember(tx, state);

const ownWords = ({ user }: Turn) => words[user.language];

const spreadsKeyboard = ({ user: { language } }: Turn): Keyboard =>
  spreads.map(({ name, title }) => [{ text: title[language], data: `tarot:spread:${name}` }]);

/** Offers the spreads, for a question that is known or comes later. */
export async function offerSpreads(turn: Turn, question?: string, lead?: string): Promise<void> {
  const { chooseSpread } = ownWords(turn);
  await turn.transaction(async (tx) => {
    await remember(turn, tx, { step: 'spread', ...(question !== undefined && { question }) });
    await say(turn, tx, lead ?? chooseSpread, spreadsKeyboard(turn));
  });
}

/** A spread was chosen: asks for the question, or, when that is known, for the cards. */
export async function chooseSpread(turn: Turn, name: string): Promise<void> {
  const spread = findSpread(name);
  const { question } = stateOf(turn) ?? {};
  if (!spread || spread.name === 'day') return offerSpreads(turn, question);
  if (question !== undefined) return offerCards(turn, spread, question);
  const { askQuestion, withoutQuestion } = ownWords(turn);
  await turn.transaction(async (tx) => {
    await remember(turn, tx, { step: 'question', spread: spread.name });
    await say(turn, tx, askQuestion, [[{ text: withoutQuestion, data: 'tarot:noquestion' }]]);
  });
}

async function offerCards(turn: Turn, spread: Spread, question: string): Promise<void> {
  const { chooseCards, drawButton, nameButton } = ownWords(turn);
  await turn.transaction(async (tx) => {
    await remember(turn, tx, { step: 'cards', spread: spread.name, question });
    await say(turn, tx, chooseCards(spread.positions.length), [
      [
        { text: drawButton, data: 'tarot:draw' },
        { text: nameButton, data: 'tarot:name' },
      ],
    ]);
  });
}

/** One of the buttons under what was asked last. */
export async function pressed(turn: Turn, action: 'draw' | 'name' | 'noquestion'): Promise<Ready> {
  const state = stateOf(turn);
  const spread = state?.spread === undefined ? undefined : findSpread(state.spread);
  if (!state || !spread) {
    // Pressed several times; what comes of the first is told.
    const isSame = turn.event.type === 'button' && state?.messageId === turn.event.messageId;
    if (!isSame) await offerSpreads(turn, undefined, ownWords(turn).nothingPending);
    return undefined;
  }
  const { question = '' } = state;
  if (action === 'draw') return { spread, question };
  if (action === 'noquestion') await offerCards(turn, spread, '');
  else {
    const { positions } = spread;
    await turn.transaction(async (tx) => {
      await remember(turn, tx, { step: 'naming', spread: spread.name, question });
      await say(turn, tx, ownWords(turn).nameCards(positions.length));
    });
  }
  return undefined;
}

/** A text is a question, or names cards when those are awaited. */
export async function written(turn: Turn, text: string): Promise<Ready> {
  if (isCrisis(text)) {
    await turn.transaction(async (tx) => {
      await remember(turn, tx, { step: 'over' });
      await say(turn, tx, ownWords(turn).crisis);
    });
    return undefined;
  }
  const { step, spread: name = '', question } = stateOf(turn) ?? { step: 'over' };
  const spread = findSpread(name);
  if (spread && (step === 'naming' || step === 'cards')) {
    const read = readCards(text, spread.positions.length);
    if (read.kind === 'cards') return { spread, question: question ?? '', named: read.cards };
    if (step === 'naming') {
      await turn.transaction((tx) => say(turn, tx, complain(turn, spread, read)));
      return undefined;
    }
  }
  const clean = cleanQuestion(text);
  const { questionTooLong, notText } = ownWords(turn);
  if (clean === undefined || clean === '') {
    await turn.transaction((tx) => say(turn, tx, clean === undefined ? questionTooLong : notText));
  } else if (spread && step !== 'over') await offerCards(turn, spread, clean);
  else await offerSpreads(turn, clean);
  return undefined;
}

/** Why the cards that were named cannot be laid. */
function complain(turn: Turn, { positions }: Spread, read: Exclude<CardsRead, { kind: 'cards' }>): string {
  const own = ownWords(turn);
  const { language } = turn.user;
  switch (read.kind) {
    case 'unknown':
      return own.unknownCard(
        read.words,
        read.nearest.map((card) => cardOf(card).names[language]),
      );
    case 'twice':
      return own.cardTwice(cardOf(read.card).names[language]);
    case 'count':
      return own.wrongCount(read.found, positions.length);
  }
}
