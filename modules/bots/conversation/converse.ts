import type { Skill } from '../contract.ts';
import type { Talk } from '../updates/contract.ts';
import { asTurnOf } from '../updates/create-talk.ts';
import { AlreadyHandled } from '../updates/open-updates.ts';
import { ownerOfButton } from '../updates/read-event.ts';
import { answerAge, askAge, needsAge } from './age.ts';
import { sayBalance } from './balance.ts';
import { sellPacks } from './buy.ts';
import { askErase, eraseAnswer } from './erase.ts';
import { exportData } from './export.ts';
import { sayHelp } from './help.ts';
import { sayHistory } from './history.ts';
import { askLanguage, setLanguage } from './language.ts';
import { answerWith } from './say.ts';
import { start } from './start.ts';

type Answer = (talk: Talk, argument: string) => Promise<void>;

/** Commands that every bot has. */
const commands: Record<string, Answer> = {
  start,
  help: sayHelp,
  balance: sayBalance,
  buy: (talk) => sellPacks(talk, ''),
  history: sayHistory,
  language: askLanguage,
  export: exportData,
  delete: askErase,
  paysupport: (talk) => answerWith(talk, ({ paySupport }) => paySupport(talk.bot.settings.support)),
  terms: (talk) => answerWith(talk, ({ terms }) => terms(talk.bot.settings.terms)),
};

/** Buttons of the bot itself: `bot:<action>[:<argument>]`. */
const buttons: Record<string, Answer> = { buy: sellPacks, age: answerAge, language: setLanguage, erase: eraseAnswer };

/** Answers a person, by the bot itself or by the skill that is meant. @param isUnderstood false for pictures, voices and the like */
export async function converse(talk: Talk, isUnderstood: boolean): Promise<void> {
  const { event } = talk;
  if (!isUnderstood) return answerWith(talk, ({ onlyText }) => onlyText);
  if (needsAge(talk)) return askAge(talk);
  if (event.type === 'command') {
    const own = commands[event.name];
    if (own) return own(talk, event.argument);
    const skill = talk.skills.find((each) => each.commands.some(({ name }) => name === event.name));
    if (skill && (await handleBy(talk, skill))) return;
    return answerWith(talk, ({ unknownCommand }) => unknownCommand(event.name));
  }
  if (event.type === 'button') {
    const owner = ownerOfButton(talk.update);
    const own = owner === 'bot' ? buttons[event.action] : undefined;
    if (own) return own(talk, event.argument);
    const skill = talk.skills.find(({ name }) => name === owner);
    if (skill && (await handleBy(talk, skill))) return;
    return answerWith(talk, ({ outdatedButton }) => outdatedButton);
  }
  for (const skill of inOrder(talk)) if (await handleBy(talk, skill)) return;
  return answerWith(talk, ({ notUnderstood }) => notUnderstood);
}

/** The skill that the person used last, then the others. */
const inOrder = ({ skills, row: { lastSkill } }: Talk): Skill[] =>
  skills.toSorted((a, b) => Number(b.name === lastSkill) - Number(a.name === lastSkill));

async function handleBy(talk: Talk, skill: Skill): Promise<boolean> {
  const turn = asTurnOf(talk, skill.name);
  if (!(await skill.handle(turn))) return false;
  // Most have closed the update together with what they stored.
  await turn
    .transaction((tx) => turn.finish(tx))
    .catch((error: unknown) => {
      if (!(error instanceof AlreadyHandled)) throw error;
    });
  return true;
}
