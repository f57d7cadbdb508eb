import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import type { Log } from '../../../../platform/kernel/log.ts';
import type { TelegramClient } from '../client/telegram-client.ts';
import { chatKey, sendJob } from '../jobs.ts';
import type { Chat, SendDeps } from './contract.ts';
import { makeCall, type Outcome } from './make-call.ts';
import {
  changeMessage,
  closeMessage,
  dropMessages,
  FAREWELL,
  findChat,
  forgetMessages,
  isSuperseded,
  type MessageRow,
  moveMessages,
  nextMessage,
  noteChat,
  targetOf,
} from './open-messages.ts';
import { pauseChat, pausedUntil } from './pauses.ts';
import { type PlannedCall, planCall } from './plan-call.ts';

/** Longest time and most calls of one job; then other chats have their turn. */
const TURN_MS = 20_000;
const TURN_CALLS = 30;
/** A call whose outcome is unknown is made once more; a process that was ended in it counts as such. */
const MOST_UNCERTAIN = 2;
const MOST_CRASHES = 4;
const BUSY_MS = 1_000;

interface Work {
  signal: AbortSignal;
  log: Log;
}

type Next =
  | { kind: 'nothing' }
  | { kind: 'later'; at: Date }
  | { kind: 'again' }
  | { kind: 'ready'; row: MessageRow; call: Exclude<PlannedCall, { kind: 'done' | 'impossible' }> };

/**
 * Sends what is stored for a chat, in order, call by call: each is written down before it is made and after it was answered. A pause that
 * Telegram asks for ends the job, which is sent again for the end of the pause; so does an outage. Neither is an attempt that failed.
 */
export async function sendChat(deps: SendDeps, chat: Chat, work: Work): Promise<void> {
  const key = chatKey(chat.botId, chat.chatId);
  if (deps.busy.has(key)) return later(deps, chat, new Date(Date.now() + BUSY_MS));
  deps.busy.add(key);
  try {
    await sendAll(deps, chat, work);
  } finally {
    deps.busy.delete(key);
  }
}

async function sendAll(deps: SendDeps, chat: Chat, work: Work): Promise<void> {
  const { database, access, pace } = deps;
  const client = await access.open(chat);
  // What is stored waits until the bot has a token again.
  if (!client) return;
  const turnEnd = Date.now() + TURN_MS;
  for (let calls = 0; !work.signal.aborted; calls++) {
    if (calls >= TURN_CALLS || Date.now() > turnEnd) return later(deps, chat, new Date());
    const paused = await database.transaction((tx) => pausedUntil(tx, chat));
    if (paused) return later(deps, chat, paused);
    await pace.wait(chat.botId, chat.chatId, work.signal);
    const next = await database.transaction((tx) => prepare(deps, tx, chat));
    if (next.kind === 'nothing') return;
    if (next.kind === 'later') return later(deps, chat, next.at);
    if (next.kind === 'again') continue;
    const outcome = await makeCall(deps, client, chat, next.call, work.signal);
    const end = await database.transaction((tx) => settle(deps, tx, { chat, row: next.row, outcome, log: work.log }));
    if (end instanceof Date) return later(deps, chat, end);
    if (outcome.kind === 'unknown') return later(deps, chat, await whenReached(deps, client));
    if (end === 'stop') return;
  }
}

/** The job of a chat, for later. */
async function later({ database, queue }: SendDeps, chat: Chat, at: Date): Promise<void> {
  const { organizationId, botId, chatId } = chat;
  const options = { startAfter: at, singleton: chatKey(botId, chatId), priority: 1 };
  await database.transaction((tx) => queue.send(tx, sendJob, { organizationId, botId, chatId }, options));
}

/** What is unknown is not done again before Telegram answers at all. */
async function whenReached({ outage }: SendDeps, client: TelegramClient): Promise<Date> {
  const isReached = await client.call('getMe').then(
    () => true,
    () => false,
  );
  if (isReached) outage.ended();
  return new Date(Date.now() + (isReached ? 0 : outage.failed()));
}

/** Chooses the next call and writes down that it is being made. */
async function prepare(deps: SendDeps, tx: Transaction, chat: Chat): Promise<Next> {
  const row = await nextMessage(tx, chat);
  if (!row) return { kind: 'nothing' };
  const known = await findChat(tx, chat);
  if (known?.movedTo) {
    await moveTo(deps, tx, chat, known.movedTo);
    return { kind: 'nothing' };
  }
  const close = async (...end: ['sent' | 'dropped' | 'failed', string?]): Promise<Next> => {
    await closeMessage(tx, row, ...end);
    return { kind: 'again' };
  };
  // Who writes to a bot has not blocked it, whatever was said before.
  if (known?.blockedAt && !row.occasion.startsWith('update:')) return close('dropped', 'blocked');
  const isInvoice = row.action.kind === 'invoice';
  if (row.uncertain >= (isInvoice ? 1 : MOST_CRASHES)) return close('failed', 'uncertain');
  if (await isSuperseded(tx, chat, row)) return close('sent', 'superseded');
  const call = planCall(row.action, row.messageIds, await targetOf(tx, row));
  if (call.kind === 'done') return close('sent');
  if (call.kind === 'impossible') return close('failed', call.reason);
  await changeMessage(tx, row.id, { state: 'sending', uncertain: row.uncertain + 1 });
  return { kind: 'ready', row: { ...row, uncertain: row.uncertain + 1 }, call };
}

interface Settled {
  chat: Chat;
  row: MessageRow;
  outcome: Outcome;
  log: Log;
}

/** Writes down what came of a call. @returns when to go on, `stop`, or undefined for at once */
async function settle(
  deps: SendDeps,
  tx: Transaction,
  { chat, row, outcome, log }: Settled,
): Promise<Date | 'stop' | undefined> {
  const back = () => changeMessage(tx, row.id, { state: 'queued', uncertain: row.uncertain - 1 });
  switch (outcome.kind) {
    case 'sent': {
      deps.outage.ended();
      const messageIds = outcome.messageId === undefined ? row.messageIds : [...row.messageIds, outcome.messageId];
      const plan = planCall(row.action, messageIds, outcome.isRemoval ? undefined : await targetOf(tx, row));
      await changeMessage(tx, row.id, { state: 'queued', messageIds, uncertain: 0 });
      if (plan.kind === 'done' || outcome.isRemoval) await closeMessage(tx, { ...row, messageIds }, 'sent');
      if ((await findChat(tx, chat))?.blockedAt) await markBlocked(deps, tx, chat, false);
      return undefined;
    }
    case 'paused': {
      await back();
      log.info({ seconds: outcome.seconds }, 'Telegram asks for a pause');
      return pauseChat(tx, chat, outcome.seconds);
    }
    case 'unreached':
      await back();
      return new Date(Date.now() + deps.outage.failed());
    case 'unknown':
      if (row.action.kind === 'invoice' || row.uncertain >= MOST_UNCERTAIN) {
        log.warn({ kind: row.kind }, 'Message in Telegram: it is unknown whether it was sent');
        await closeMessage(tx, row, 'failed', 'uncertain');
      }
      return undefined;
    case 'blocked':
      if (row.step === FAREWELL) {
        await forgetMessages(tx, chat.botId, chat.chatId);
        return 'stop';
      }
      await dropMessages(tx, chat, 'blocked');
      await markBlocked(deps, tx, chat, true);
      return 'stop';
    case 'moved':
      await back();
      await noteChat(tx, chat, { movedTo: outcome.toChatId });
      await moveTo(deps, tx, chat, outcome.toChatId);
      return 'stop';
    case 'unauthorized':
      await back();
      log.warn({}, 'Bot: Telegram does not take its token');
      await deps.access.markUnauthorized(tx, chat);
      return 'stop';
    case 'failed':
      log.warn({ kind: row.kind, reason: outcome.reason }, 'Message in Telegram: refused');
      await closeMessage(tx, row, 'failed', outcome.reason);
      return undefined;
  }
}

async function markBlocked(deps: SendDeps, tx: Transaction, chat: Chat, isBlocked: boolean): Promise<void> {
  await noteChat(tx, chat, { blockedAt: isBlocked ? sql`now()` : null });
  await deps.access.markBlocked(tx, chat, isBlocked);
}

async function moveTo({ queue }: SendDeps, tx: Transaction, chat: Chat, toChatId: string): Promise<void> {
  const { organizationId, botId } = chat;
  await moveMessages(tx, chat, toChatId);
  const singleton = chatKey(botId, toChatId);
  await queue.send(tx, sendJob, { organizationId, botId, chatId: toChatId }, { singleton });
}
