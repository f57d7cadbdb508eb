import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../../../../db/client.ts';
import { type PollProblem, telegramPolls } from '../../../../db/schema/messages/telegram-polls.ts';
import type { Queue } from '../../../../platform/capabilities/queue/index.ts';
import type { Log } from '../../../../platform/kernel/log.ts';
import { TelegramFailure } from '../client/telegram-failure.ts';
import { pollJob } from '../jobs.ts';
import type { BotAccess, BotId } from '../sending/contract.ts';
import type { Outage } from '../sending/outage.ts';

/** What polling needs to know of bots besides. */
export interface PollAccess {
  /** Whether the bot's updates are polled. */
  isPolled(bot: BotId): Promise<boolean>;
  /** Stores updates, in the transaction that stores where polling continues. @returns calls that Telegram waits for */
  accept(tx: Transaction, bot: BotId, updates: readonly unknown[]): Promise<readonly AwaitedCall[]>;
  allowedUpdates: readonly string[];
}

export interface PollDeps {
  database: Database;
  queue: Queue;
  outage: Outage;
  access: BotAccess & PollAccess;
}

interface AwaitedCall {
  method: string;
  params: object;
}

/** Telegram holds a poll so long when there is nothing. A process that ends waits for it. */
export const POLL_SECONDS = 25;
const MOST_UPDATES = 100;
/** Until a bot is polled again that someone else polls, or that has a webhook. */
const CONFLICT_MS = 30_000;

const answerSchema = z.array(z.looseObject({ update_id: z.int() }));

/**
 * Asks for a bot's updates once, stores them together with where to continue, and sends its job again. Telegram is told that they have
 * arrived by the next poll, so that what was not stored comes again. One poll of a bot at a time: its jobs are a group.
 */
export async function pollBot(
  deps: PollDeps,
  bot: BotId,
  { signal, log, waitSeconds = POLL_SECONDS }: { signal: AbortSignal; log: Log; waitSeconds?: number },
): Promise<void> {
  const { database, access } = deps;
  const client = (await access.isPolled(bot)) ? await access.open(bot) : undefined;
  // Begun again when the bot is set to polling, or has a token that is taken.
  if (!client) return;
  const at = await database.transaction((tx) => findPlace(tx, bot));
  const options = { signal, timeoutMs: (waitSeconds + 10) * 1000 };
  const params = { timeout: waitSeconds, limit: MOST_UPDATES, allowed_updates: access.allowedUpdates };
  try {
    const answer = await client.call('getUpdates', { ...params, ...(at !== null && { offset: at }) }, {}, options);
    const updates = answerSchema.parse(answer);
    deps.outage.ended();
    const last = updates.at(-1);
    const waiting = await database.transaction(async (tx) => {
      // An empty answer confirms all: the next poll needs no place, as numbers begin somewhere else after a quiet week.
      const isMine = await movePlace(tx, bot, at, last ? last.update_id + 1 : null);
      // Another poll was here in between, and stored them.
      const calls = isMine ? await access.accept(tx, bot, updates) : [];
      await pollAgain(deps, tx, bot, 0);
      return calls;
    });
    // What is late for Telegram is refused by it, which changes nothing.
    await Promise.allSettled(waiting.map(({ method, params }) => client.call(method, { ...params }, {}, { signal })));
  } catch (error) {
    if (!(error instanceof TelegramFailure)) throw error;
    // A webhook that was set here ends the poll, and is no trouble.
    if (error.failure.reason === 'conflict' && !(await access.isPolled(bot))) return;
    await database.transaction((tx) => notePollFailure(deps, tx, bot, error, log));
  }
}

async function notePollFailure(deps: PollDeps, tx: Transaction, bot: BotId, error: TelegramFailure, log: Log) {
  const { failure } = error;
  if (failure.reason === 'unauthorized') {
    await noteProblem(tx, bot, 'unauthorized');
    return deps.access.markUnauthorized(tx, bot);
  }
  if (failure.reason === 'conflict') {
    const problem = /webhook/i.test(failure.description) ? 'webhook-set' : 'other-poller';
    log.warn({ problem }, 'Bot: its updates go elsewhere');
    await noteProblem(tx, bot, problem);
    return pollAgain(deps, tx, bot, CONFLICT_MS);
  }
  log.warn({ reason: failure.reason }, 'Bot: not polled');
  const waitMs = failure.reason === 'rate-limited' ? failure.retryAfterSeconds * 1000 : deps.outage.failed();
  return pollAgain(deps, tx, bot, waitMs);
}

async function pollAgain({ queue }: Pick<PollDeps, 'queue'>, tx: Transaction, bot: BotId, waitMs: number) {
  const { organizationId, botId } = bot;
  const options = { singleton: botId, ...(waitMs > 0 && { startAfter: new Date(Date.now() + waitMs) }) };
  await queue.send(tx, pollJob, { organizationId, botId }, options);
}

/** Has a bot polled from now on; does nothing where it is already. */
export const startPolling = (tx: Transaction, queue: Queue, bot: BotId): Promise<void> =>
  pollAgain({ queue }, tx, bot, 0);

async function findPlace(tx: Transaction, { organizationId, botId }: BotId): Promise<number | null> {
  await tx.insert(telegramPolls).values({ organizationId, botId }).onConflictDoNothing();
  const [row] = await tx
    .select({ next: telegramPolls.nextUpdateId })
    .from(telegramPolls)
    .where(eq(telegramPolls.botId, botId));
  return row?.next ?? null;
}

/** @returns false when another poll has moved it since */
async function movePlace(tx: Transaction, { botId }: BotId, from: number | null, to: number | null): Promise<boolean> {
  const isFrom = from === null ? isNull(telegramPolls.nextUpdateId) : eq(telegramPolls.nextUpdateId, from);
  const moved = await tx
    .update(telegramPolls)
    .set({ nextUpdateId: to, problem: null, polledAt: sql`now()` })
    .where(and(eq(telegramPolls.botId, botId), isFrom))
    .returning({ botId: telegramPolls.botId });
  return moved.length > 0;
}

async function noteProblem(tx: Transaction, { botId }: BotId, problem: PollProblem): Promise<void> {
  await tx.update(telegramPolls).set({ problem }).where(eq(telegramPolls.botId, botId));
}

/** How polling of a bot stands; undefined when it was never polled. */
export async function readPoll(tx: Transaction, botId: string) {
  const [row] = await tx.select().from(telegramPolls).where(eq(telegramPolls.botId, botId));
  return row && { problem: row.problem, polledAt: row.polledAt };
}
