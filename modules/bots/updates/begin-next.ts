import type { Transaction } from '../../../db/client.ts';
import { perMinute } from '../../../platform/capabilities/rates/index.ts';
import type { Bot } from '../contract.ts';
import type { Chat } from '../jobs.ts';
import { openUser } from '../people/open-user.ts';
import { findBot } from '../records/find-bot.ts';
import type { Begun, ChatDeps } from './contract.ts';
import { beginUpdate, closeUpdates, type OpenUpdate, openUpdates } from './open-updates.ts';
import { isService, type Person, personOf, typeOfChat } from './read-update.ts';
import { receiveService } from './receive-service.ts';
import { slowDown } from './slow-down.ts';

/** Of one look. */
const MOST = 100;

/**
 * Begins the next update of a person in a chat. What no skill answers, such as a payment or a block, is handled on the way, and what goes
 * beyond a person's rate is closed.
 * @returns `closed` when something was done and there may be more, `none` when nothing is left
 */
export async function beginNext(deps: ChatDeps, chat: Chat): Promise<Begun | 'closed' | 'none'> {
  const { database } = deps;
  const found = await database.tenant(chat.organizationId, (tx) => lookUp(deps, tx, chat));
  if (typeof found === 'string') return found;
  const { bot, open, next, person } = found;
  const key = `${chat.botId} ${chat.chatId}`;
  const repeated = next.attempts > 0;
  const rate = repeated ? undefined : await deps.limiter.check(perMinute('bot', deps.perMinute), key);
  if (rate?.allowed === false) {
    await slowDown(deps, bot, chat, open, rate.resetAt);
    return 'closed';
  }
  const telegramId = String(person.id);
  const id = await deps.seal.idOf(bot.id, telegramId);
  const row = await database.tenant(chat.organizationId, async (tx) => {
    await beginUpdate(tx, bot.id, next.updateId);
    const { chatId } = chat;
    const arrival = { id, telegramId, chatId, languageCode: person.language_code, updateId: next.updateId };
    return openUser(tx, bot, arrival);
  });
  const closing = samePresses(open).map(({ updateId }) => updateId);
  return { bot, row, next: { ...next, attempts: next.attempts + 1 }, closing };
}

interface Found {
  bot: Bot;
  open: OpenUpdate[];
  next: OpenUpdate;
  person: Person;
}

async function lookUp(deps: ChatDeps, tx: Transaction, chat: Chat): Promise<Found | 'closed' | 'none'> {
  const open = await openUpdates(tx, chat, MOST);
  const [next] = open;
  if (!next) return 'none';
  const found = await findBot(tx, chat.botId);
  const person = personOf(next.update);
  const isForSkills = person !== undefined && typeOfChat(next.update) === 'private' && !isService(next);
  if (found?.isAnswering && isForSkills) return { bot: found.bot, open, next, person };
  // Money comes also to a bot that is stopped.
  if (found && !isForSkills) await receiveService(deps, tx, found.bot, next);
  await closeUpdates(tx, chat.botId, [next.updateId]);
  return 'closed';
}

/** The presses right behind the first update that are the same as it. */
function samePresses([first, ...others]: readonly OpenUpdate[]): OpenUpdate[] {
  const pressed = first?.update.callback_query;
  if (!pressed) return [];
  const end = others.findIndex(
    ({ update: { callback_query: other } }) =>
      other?.data !== pressed.data || other?.message?.message_id !== pressed.message?.message_id,
  );
  return end < 0 ? others : others.slice(0, end);
}
