import { bold, join, type Keyboard, plain } from '../../messages/telegram/index.ts';
import type { PastUse } from '../contract.ts';
import type { Talk } from '../updates/contract.ts';
import { momentIn } from './moment.ts';
import { words } from './words.ts';

const MOST = 10;
const LONGEST_TITLE = 100;

/** The newest of what the person made with the bot's skills, with buttons that show it again. */
export async function sayHistory(talk: Talk): Promise<void> {
  const { skills, user, bot } = talk;
  const own = words[user.language];
  await talk.conclude(async (tx) => {
    const uses: PastUse[] = [];
    for (const skill of skills) uses.push(...((await skill.history?.(tx, user, MOST)) ?? []));
    const newest = uses.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, MOST);
    if (newest.length === 0) return talk.say(tx, 'answer', { kind: 'text', text: plain(own.noHistory) });
    const lines = newest.map(({ at, title }, index) => {
      return plain(`${index + 1}. ${momentIn(bot.timeZone, at, user.language)}: ${title.slice(0, LONGEST_TITLE)}`);
    });
    const keyboard: Keyboard = newest.flatMap(({ data }, index) =>
      data === undefined ? [] : [[{ text: `${own.show} ${index + 1}`, data }]],
    );
    await talk.say(tx, 'answer', {
      ...{ kind: 'text', text: join([bold(own.history), ...lines], '\n') },
      ...(keyboard.length > 0 && { keyboard }),
    });
  });
}
