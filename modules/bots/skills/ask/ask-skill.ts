import { z } from 'zod';
import { isProblem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import { type AskDeps, type AskEvent, type Asking, answerQuestion } from '../../../legal/asking/index.ts';
import { plain } from '../../../messages/telegram/index.ts';
import { findCaller } from '../../../people/identity/index.ts';
import type { Skill, Turn } from '../../contract.ts';
import { showAnswer } from './show-answer.ts';
import { words } from './words.ts';

export interface AskSkillDeps extends AskDeps {
  /** The platform's public address, without a slash at its end. */
  origin: string;
}

const LONGEST_QUESTION = 4000;
/** An answer is given up after this time. */
const SECONDS = 120;

/** What is remembered of a person: the conversation that a question continues. */
const remembered = z.object({ conversationId: z.uuid() });

/** Answers from the documents of the organization, to people who have linked their account and with its rights. */
export const createAskSkill = (deps: AskSkillDeps): Skill => ({
  name: 'ask',
  commands: [
    { name: 'ask', words: { ru: words.ru.command, en: words.en.command } },
    { name: 'new', words: { ru: words.ru.fresh, en: words.en.fresh } },
  ],
  welcome: ({ language }) => ({ text: plain(words[language].welcome) }),
  async handle(turn) {
    const { event } = turn;
    if (event.type === 'text') await answer(deps, turn, event.text);
    else if (event.type !== 'command') return false;
    else if (event.name === 'new') await beginAnew(turn);
    else if (event.name === 'ask') await answer(deps, turn, event.argument);
    else return false;
    return true;
  },
});

const beginAnew = (turn: Turn): Promise<void> =>
  turn.transaction(async (tx) => {
    await turn.remember(tx, {});
    await turn.say(tx, 'begun', { kind: 'text', text: plain(words[turn.user.language].begun) });
    await turn.finish(tx);
  });

const reply = (turn: Turn, text: string): Promise<void> =>
  turn.transaction(async (tx) => {
    await turn.say(tx, 'reply', { kind: 'text', text: plain(text) });
    await turn.finish(tx);
  });

/** The update is done with in the transaction that stores, settles and sends the answer. */
async function answer(deps: AskSkillDeps, turn: Turn, text: string): Promise<void> {
  const { user, requestId } = turn;
  const own = words[user.language];
  const question = text.trim();
  if (user.accountId === undefined) return reply(turn, own.link);
  if (question === '') return reply(turn, own.ask);
  if (question.length > LONGEST_QUESTION) return reply(turn, own.tooLong(LONGEST_QUESTION));
  const { organizationId } = user;
  const caller = await findCaller(deps.database, { organizationId, userId: user.accountId, keyId: null });
  const asking: Asking = {
    requestId,
    client: undefined,
    seconds: SECONDS,
    async keep(tx, stored) {
      await turn.say(tx, 'answer', { kind: 'text', text: showAnswer(stored, user.language, deps.origin) });
      await turn.remember(tx, { conversationId: stored.conversationId });
      await turn.finish(tx);
    },
  };
  const continued = remembered.safeParse(user.state.ask).data?.conversationId;
  const ask = (conversationId?: string) =>
    show(turn, answerQuestion(deps, caller, { question, conversationId }, asking));
  try {
    await ask(continued);
  } catch (error) {
    // The conversation was deleted in the app: nothing has been asked yet.
    if (continued === undefined || !isProblem(error, notFound)) throw error;
    await ask();
  }
}

async function show(turn: Turn, asked: AsyncIterable<AskEvent>): Promise<void> {
  let shown = '';
  for await (const event of asked) {
    if (event.type !== 'delta') continue;
    shown += event.text;
    turn.preview(plain(shown));
  }
}
