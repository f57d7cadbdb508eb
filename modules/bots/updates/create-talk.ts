import { createHash } from 'node:crypto';
import type { Transaction } from '../../../db/client.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { toUuid } from '../../commerce/metering/index.ts';
import { sendInChat } from '../../messages/telegram/index.ts';
import type { ChatEvent, SkillName } from '../contract.ts';
import { changeUser, rememberOf } from '../people/change-user.ts';
import { toBotUser } from '../people/open-user.ts';
import { openBot } from '../records/open-bot.ts';
import type { Begun, ChatDeps, Talk } from './contract.ts';
import type { Preview } from './create-preview.ts';
import { closeUpdates } from './open-updates.ts';

interface Attempt {
  event: ChatEvent;
  signal: AbortSignal;
  stopped: AbortSignal;
  log: Log;
  preview: Preview;
}

/** The id under which an update is metered, the same at each attempt. */
export const requestIdOfUpdate = (botId: string, updateId: number): string =>
  toUuid(
    createHash('sha256')
      .update(JSON.stringify(['update', botId, updateId]))
      .digest(),
  );

export function createTalk(deps: ChatDeps, begun: Begun, { preview, ...attempt }: Attempt): Talk {
  const { database, queue, skills, storage, orderLink } = deps;
  const { bot, row, next, closing } = begun;
  const { id: botId, organizationId } = bot;
  const { chatId } = row;
  const occasion = `update:${next.updateId}`;
  const transaction = async <T>(work: (tx: Transaction) => Promise<T>) => {
    // What is stored is to follow what was shown, and no connection waits for Telegram.
    await preview.close();
    return database.tenant(organizationId, work);
  };
  const finish = (tx: Transaction) => closeUpdates(tx, botId, [next.updateId, ...closing]);
  return {
    ...attempt,
    ...{ queue, storage, orderLink },
    ...{
      bot,
      row,
      user: toBotUser(row),
      occasion,
      transaction,
      finish,
      updateId: next.updateId,
      update: next.update,
    },
    requestId: requestIdOfUpdate(botId, next.updateId),
    allSkills: skills,
    skills: bot.skills.flatMap((name) => skills.filter((skill) => skill.name === name)),
    say: (tx, step, action) => sendInChat(tx, queue, { botId, organizationId, chatId, occasion, step, action }),
    remember: () => Promise.reject(new Error('Remember: only skills do')),
    preview: preview.show,
    client: () => openBot(deps, bot),
    conclude: (work) =>
      transaction(async (tx) => {
        await work(tx);
        await finish(tx);
      }),
  };
}

/** The talk as a skill sees it. */
export const asTurnOf = (talk: Talk, skill: SkillName): Talk => ({
  ...talk,
  remember: (tx, state) => rememberOf(tx, talk.user.id, skill, state),
  async finish(tx) {
    if (talk.row.lastSkill !== skill) await changeUser(tx, talk.user.id, { lastSkill: skill });
    await talk.finish(tx);
  },
});
