import { join, type Keyboard, plain } from '../../messages/telegram/index.ts';
import { linkIdentity } from '../../people/linked/index.ts';
import { rewardInvitation } from '../people/reward-invitation.ts';
import type { Talk } from '../updates/contract.ts';
import { words } from './words.ts';

const INVITED = /^ref_([\w-]{6,32})$/;
/** See `makeLinkCode`. */
const LINKED = /^link_([\w-]{43})$/;

/** Says what the bot can do, with the buttons to begin with. A person who comes for the first time by an invitation is rewarded. */
export function start(talk: Talk, argument: string): Promise<void> {
  const [, linkCode] = LINKED.exec(argument) ?? [];
  if (linkCode !== undefined) return link(talk, linkCode);
  const { skills, user, bot } = talk;
  const own = words[user.language];
  const welcomes = skills.map((skill) => skill.welcome(user, bot));
  const keyboard: Keyboard = welcomes.flatMap((welcome) => welcome.keyboard ?? []);
  const [, code] = INVITED.exec(argument) ?? [];
  return talk.conclude(async (tx) => {
    const isRewarded = code !== undefined && (await rewardInvitation(tx, talk, code));
    const text = join(
      [plain(own.hello), ...welcomes.map((welcome) => welcome.text), ...(isRewarded ? [plain(own.invited)] : [])],
      '\n\n',
    );
    await talk.say(tx, 'answer', { kind: 'text', text, ...(keyboard.length > 0 && { keyboard }) });
  });
}

const link = (talk: Talk, code: string): Promise<void> =>
  talk.conclude(async (tx) => {
    const { botId, organizationId, telegramId: subject, chatId, language } = talk.user;
    const account = await linkIdentity(tx, { organizationId, botId, subject, chatId }, code);
    const { linked, notLinked } = words[language];
    await talk.say(tx, 'answer', { kind: 'text', text: plain(account === undefined ? notLinked : linked) });
  });
