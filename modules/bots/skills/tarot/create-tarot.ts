import { eq } from 'drizzle-orm';
import { readings } from '../../../../db/schema/bots/readings.ts';
import { plain } from '../../../messages/telegram/index.ts';
import type { Skill, Turn } from '../../contract.ts';
import { drawCards, layCards, type RandomInt } from './draw-cards.ts';
import type { Layout } from './reading/contract.ts';
import {
  findOfDay,
  findReading,
  findSame,
  layoutOf,
  listReadings,
  type ReadingRow,
  todayOf,
} from './reading/records.ts';
import { nameOf } from './reading/show-cards.ts';
import { nextKeyboard, showReading } from './reading/show-reading.ts';
import { type TellDeps, tellReading } from './reading/tell-reading.ts';
import { dailySpread } from './spreads.ts';
import { chooseSpread, offerSpreads, pressed, type Ready, written } from './talk.ts';
import { words } from './words.ts';

export interface TarotDeps extends TellDeps {
  randomInt: RandomInt;
}

/** Readings of tarot cards. */
export const createTarot = (deps: TarotDeps): Skill => ({
  name: 'tarot',
  unit: 'reading',
  commands: [
    { name: 'card', words: { en: 'Card of the day', ru: 'Карта дня' } },
    { name: 'tarot', words: { en: 'A reading for your question', ru: 'Расклад на Ваш вопрос' } },
  ],
  welcome({ language }) {
    const { welcome, dayButton, menuButton } = words[language];
    const keyboard = [[{ text: dayButton, data: 'tarot:day' }], [{ text: menuButton, data: 'tarot:menu' }]];
    return { text: plain(welcome), keyboard };
  },
  async handle(turn) {
    const begun = await turn.transaction((tx) =>
      tx.select().from(readings).where(eq(readings.requestId, turn.requestId)),
    );
    const [reading] = begun;
    if (reading) {
      await tellReading(deps, turn, { reading });
      return true;
    }
    return answer(deps, turn);
  },
  async history(tx, user, limit) {
    const rows = await listReadings(tx, user, limit);
    return rows.map((row) => ({ at: row.createdAt, title: titleOf(row), data: `tarot:show:${row.id}` }));
  },
  export: async (tx, user) => {
    const rows = await tx.select().from(readings).where(eq(readings.botUserId, user.id)).orderBy(readings.createdAt);
    return rows.map((row) => {
      const { spread, cards, language } = layoutOf(row);
      const named = cards.map((card) => nameOf(card, language));
      return {
        at: row.createdAt,
        spread: spread.title[language],
        question: row.question,
        cards: named,
        answer: row.answer,
      };
    });
  },
  async erase(tx, user) {
    await tx.delete(readings).where(eq(readings.botUserId, user.id));
  },
});

function titleOf(row: ReadingRow): string {
  const { spread, cards, question, language } = layoutOf(row);
  const [first] = cards;
  if (question !== '') return `${spread.title[language]}: ${question}`;
  return cards.length === 1 && first ? `${spread.title[language]}: ${nameOf(first, language)}` : spread.title[language];
}

async function answer(deps: TarotDeps, turn: Turn): Promise<boolean> {
  const { event } = turn;
  switch (event.type) {
    case 'command':
      if (event.name === 'card') await tellCardOfDay(deps, turn);
      else if (event.name !== 'tarot') return false;
      else if (event.argument.trim() === '') await offerSpreads(turn);
      else await lay(deps, turn, await written(turn, event.argument));
      return true;
    case 'text':
      await lay(deps, turn, await written(turn, event.text));
      return true;
    case 'button':
      return press(deps, turn, event);
    case 'stop':
      return false;
  }
}

async function press(
  deps: TarotDeps,
  turn: Turn,
  { action, argument }: { action: string; argument: string },
): Promise<boolean> {
  switch (action) {
    case 'menu':
      await offerSpreads(turn);
      return true;
    case 'day':
      await tellCardOfDay(deps, turn);
      return true;
    case 'spread':
      await chooseSpread(turn, argument);
      return true;
    case 'draw':
    case 'name':
    case 'noquestion':
      await lay(deps, turn, await pressed(turn, action));
      return true;
    case 'again':
    case 'show': {
      const reading = await turn.transaction((tx) => findReading(tx, turn.user, argument));
      if (!reading || reading.state === 'refused')
        await offerSpreads(turn, undefined, words[turn.user.language].nothingPending);
      else if (reading.state === 'done') await showAgain(turn, reading);
      else if (action === 'again') await tellReading(deps, turn, { reading });
      return true;
    }
    default:
      return false;
  }
}

async function lay(deps: TarotDeps, turn: Turn, ready: Ready): Promise<void> {
  if (!ready) return;
  const { bot, user } = turn;
  const { spread, question, named } = ready;
  const { reversed } = bot.settings;
  const cards = named ? layCards(spread, reversed, named) : drawCards(spread, reversed, deps.randomInt);
  const layout: Layout = { spread, cards, question, language: user.language };
  const same = await turn.transaction((tx) => findSame(tx, user, layout));
  if (same) {
    await showAgain(turn, same, words[user.language].sameAsBefore);
    return;
  }
  await tellReading(deps, turn, { layout });
}

/** The same card all day; only the first time costs a reading. */
async function tellCardOfDay(deps: TarotDeps, turn: Turn): Promise<void> {
  const { bot, user } = turn;
  const { day, reading } = await turn.transaction(async (tx) => {
    const today = await todayOf(tx, bot);
    return { day: today, reading: await findOfDay(tx, user, today) };
  });
  if (reading?.state === 'done') return showAgain(turn, reading, words[user.language].sameDay);
  if (reading) return tellReading(deps, turn, { reading });
  const cards = drawCards(dailySpread, bot.settings.reversed, deps.randomInt);
  const layout: Layout = { spread: dailySpread, cards, question: '', language: user.language };
  await tellReading(deps, turn, { layout, day });
}

async function showAgain(turn: Turn, reading: ReadingRow, note?: string): Promise<void> {
  const text = showReading(layoutOf(reading), reading.answer ?? '', note);
  await turn.transaction(async (tx) => {
    await turn.remember(tx, { step: 'over' });
    await turn.say(tx, 'reading', { kind: 'text', text, keyboard: nextKeyboard(turn.user.language) });
  });
}
