import { Problem } from '../../../platform/kernel/problem.ts';
import { unavailable } from '../../../platform/kernel/problems.ts';
import { reserveUnits, settleUnits } from '../../commerce/metering/index.ts';
import { plain } from '../../messages/telegram/index.ts';
import type { Skill, Turn } from '../contract.ts';

/** Says again what it is told, for one unit each time. `fail` fails without a reason, `refuse` with one; what is empty is meant for others. */
export const echoSkill = (inBetween: (turn: Turn) => Promise<unknown> = async () => undefined): Skill => ({
  name: 'tarot',
  unit: 'reading',
  commands: [{ name: 'echo', words: { ru: 'повторить', en: 'say it again' } }],
  welcome: ({ language }) => ({
    text: plain(language === 'ru' ? 'Напишите что-нибудь.' : 'Write something.'),
    keyboard: [[{ text: '1', data: 'tarot:say:one' }]],
  }),
  async handle(turn) {
    const { event, bot, user, requestId } = turn;
    if (event.type === 'stop') return false;
    const text = event.type === 'text' ? event.text : event.argument;
    if (text === '') return false;
    await turn.transaction((tx) =>
      reserveUnits(tx, {
        ...{ owner: { organizationId: bot.organizationId, walletId: user.walletId }, userId: bot.createdBy, requestId },
        ...{ action: 'reading', amounts: { reading: 1 }, secondsOpen: 600 },
      }),
    );
    if (text === 'fail') throw new Error('Echo: it was told to fail');
    if (text === 'refuse') throw new Problem(unavailable, { parameters: { seconds: 5 } });
    await inBetween(turn);
    await turn.transaction(async (tx) => {
      await turn.say(tx, 'answer', { kind: 'text', text: plain(text) });
      await turn.remember(tx, { last: text });
      await turn.finish(tx);
      await settleUnits(tx, bot.organizationId, requestId);
    });
    return true;
  },
  history: async () => [{ at: new Date(0), title: 'one', data: 'tarot:say:one' }],
  export: async (_, user) => user.state.tarot,
});
