import type { Language } from '../../../platform/kernel/problem.ts';
import { bold, join, plain, type RichText } from '../../messages/telegram/index.ts';
import type { Bot, Skill } from '../contract.ts';
import type { Talk } from '../updates/contract.ts';
import { words } from './words.ts';

/** Shown in the menu; `/start` is Telegram's own button. */
const inMenu = ['balance', 'buy', 'history', 'language', 'export', 'delete', 'paysupport', 'terms', 'help'] as const;

/** Commands of a bot with their words, those of its skills first. */
export const commandsOf = (
  skills: readonly Skill[],
  language: Language,
): { command: string; description: string }[] => [
  ...skills.flatMap(({ commands }) =>
    commands.map(({ name, words: own }) => ({ command: name, description: own[language] })),
  ),
  ...inMenu.map((command) => ({ command, description: words[language].commands[command] })),
];

export const sayHelp = (talk: Talk): Promise<void> => {
  const { skills, user, bot } = talk;
  const lines = commandsOf(skills, user.language).map(({ command, description }) => `/${command} — ${description}`);
  const list = join([bold(words[user.language].help), plain(lines.join('\n'))], '\n');
  return talk.conclude((tx) =>
    talk.say(tx, 'answer', { kind: 'text', text: join([...welcomes(skills, user, bot), list], '\n\n') }),
  );
};

const welcomes = (skills: readonly Skill[], user: Talk['user'], bot: Bot): RichText[] =>
  skills.map((skill) => skill.welcome(user, bot).text);
