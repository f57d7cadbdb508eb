import type { Transaction } from '../../../db/client.ts';
import type { JobOptions } from '../../../platform/capabilities/queue/index.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Refused } from '../../../platform/kernel/telemetry/limit-reasons.ts';
import { plain } from '../../messages/telegram/index.ts';
import { Postponed } from '../../models/index.ts';
import { converse } from '../conversation/converse.ts';
import { releaseOpen, tellProblem } from '../conversation/tell-problem.ts';
import { words } from '../conversation/words.ts';
import { type Chat, chatJob } from '../jobs.ts';
import { openBot } from '../records/open-bot.ts';
import { beginNext } from './begin-next.ts';
import type { Begun, ChatDeps, Talk } from './contract.ts';
import { createPreview } from './create-preview.ts';
import { createTalk } from './create-talk.ts';
import { listenForStop } from './listen-for-stop.ts';
import { AlreadyHandled, forgetAttempts } from './open-updates.ts';
import { readEvent } from './read-event.ts';

/** After so long the chat goes to the end of the line, so that others get their turn. */
const SHARE_MS = 60_000;
/** Attempts at one update; then its person is told, and it holds up the others of the chat no longer. */
export const MOST_ATTEMPTS = 8;

interface Attempt {
  signal: AbortSignal;
  log: Log;
  refused: Refused;
}

/**
 * Handles the updates of a chat in the order of arrival until none is left. Each is closed in the transaction that stores what came
 * of it, so that one that was cut off begins again and one that was handled does not.
 */
export async function handleChat(deps: ChatDeps, chat: Chat, attempt: Attempt): Promise<void> {
  const since = performance.now();
  for (;;) {
    attempt.signal.throwIfAborted();
    const begun = await beginNext(deps, chat);
    if (begun === 'none') return;
    if (begun !== 'closed') {
      const postponed = await handleUpdate(deps, begun, attempt);
      if (postponed) return postpone(deps, chat, begun, postponed);
    }
    if (performance.now() - since > SHARE_MS) return passOn(deps, chat);
  }
}

const sendChat = ({ queue }: ChatDeps, tx: Transaction, chat: Chat, options: JobOptions = {}) =>
  queue.send(tx, chatJob, { kind: 'chat', ...chat }, { ...options, singleton: `${chat.botId}:${chat.chatId}` });

const passOn = (deps: ChatDeps, chat: Chat) =>
  deps.database.tenant(chat.organizationId, async (tx) => void (await sendChat(deps, tx, chat)));

/** Gives the chat's place to others for a while; its update stays the next one. */
const postpone = (deps: ChatDeps, chat: Chat, { next }: Begun, { seconds: startAfter }: Postponed) =>
  deps.database.tenant(chat.organizationId, async (tx) => {
    await forgetAttempts(tx, chat.botId, next.updateId);
    await sendChat(deps, tx, chat, { startAfter });
  });

async function handleUpdate(
  deps: ChatDeps,
  begun: Begun,
  { signal, log, refused }: Attempt,
): Promise<Postponed | undefined> {
  const { bot, row, next } = begun;
  const event = readEvent(next.update);
  using stop = await listenForStop(deps, begun);
  await using preview = createPreview({
    ...{ database: deps.database, open: () => openBot(deps, bot), updateId: next.updateId, signal, log },
    chat: { organizationId: bot.organizationId, botId: bot.id, chatId: row.chatId },
  });
  const talk = createTalk(deps, begun, {
    event: event ?? { type: 'text', text: '' },
    signal,
    stopped: stop.signal,
    log,
    preview,
  });
  try {
    if (next.attempts > MOST_ATTEMPTS) await giveUp(talk);
    else await converse(talk, event !== undefined);
  } catch (error) {
    if (error instanceof Postponed) return error;
    if (signal.aborted || !(error instanceof Problem || error instanceof AlreadyHandled)) throw error;
    if (error instanceof Problem) {
      refused(error, bot.organizationId);
      await tellProblem(talk, error);
    } else log.info('Another process has handled this update');
  }
  return undefined;
}

/** Nothing is charged for what failed again and again. */
const giveUp = (talk: Talk): Promise<void> =>
  talk.conclude(async (tx) => {
    await talk.say(tx, 'failed', { kind: 'text', text: plain(words[talk.user.language].failed) });
    await releaseOpen(tx, talk);
  });
