import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import type { Database } from '../../db/client.ts';
import { assertAdministrator } from '../../modules/people/administration/administrators-only.ts';
import { isProblem, toProblemDocument } from '../../platform/kernel/problem.ts';
import { unavailable } from '../../platform/kernel/problems.ts';
import { bearerOf } from '../../platform/runtime/http/authenticate.ts';
import type { TokenVerifier } from '../../platform/runtime/http/caller.ts';
import { answerWithMessages, type Message } from '../../platform/runtime/http/follow.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import { toProblem } from '../../platform/runtime/http/to-problem.ts';
import type { Supervisor } from './supervisor.ts';

export interface FollowedLines {
  /** Where the lines behind a place are; undefined from the beginning. */
  path(place: string | undefined): string;
  /** What a line says, and whether it is the last; its `id` is a place. */
  read(line: unknown): { messages: Message[]; isLast: boolean };
  /** Said when what was followed is not there after the stream had begun, as the supervisor has forgotten it. */
  lost?(): Message[];
}

interface FollowDeps {
  database: Database;
  tokens: TokenVerifier;
  supervisor: Supervisor;
}

/** How often rights are read again, and whether the token still holds. */
const LOOK_MS = 5_000;
const RETRY_MS = 1_000;
/** A restart of the supervisor takes seconds, one of the machine minutes. */
const AWAY_MS = 120_000;

/**
 * Passes on what the supervisor tells line by line, from the place in `Last-Event-ID` on and over a restart of the supervisor. The last
 * event of somebody who may no longer follow is an `error` with the problem that their next request gets.
 */
export async function followSupervisor(
  c: Context<RouterEnv>,
  deps: FollowDeps,
  followed: FollowedLines,
): Promise<Response> {
  return answerWithMessages(c, (signal) => messagesOf(c, deps, followed, signal));
}

async function* messagesOf(
  c: Context<RouterEnv>,
  { database, tokens, supervisor }: FollowDeps,
  { path, read, lost }: FollowedLines,
  signal: AbortSignal,
): AsyncGenerator<Message | undefined> {
  let place = c.req.header('last-event-id') || undefined;
  let [lookedAt, answeredAt] = [Date.now(), Date.now()];
  const look = async () => {
    if (Date.now() - lookedAt < LOOK_MS) return;
    await tokens.verify(bearerOf(c) ?? '');
    await assertAdministrator(database, c);
    lookedAt = Date.now();
  };
  try {
    while (!signal.aborted) {
      try {
        for await (const line of supervisor.lines(path(place), signal)) {
          answeredAt = Date.now();
          await look();
          const { messages, isLast } = line === undefined ? { messages: [], isLast: false } : read(line);
          if (messages.length === 0) yield undefined;
          for (const message of messages) {
            place = message.id ?? place;
            yield message;
          }
          if (isLast) return;
        }
      } catch (error) {
        if (signal.aborted) return;
        const isMissing = toProblem(error).status === 404 && place !== undefined && lost !== undefined;
        if (isMissing && !(await isForbidden(look))) return yield* lost();
        if (!isProblem(error, unavailable) || Date.now() - answeredAt > AWAY_MS) throw error;
      }
      yield undefined;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
      await look();
    }
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status >= 500) c.var.log.error({ error, problem: problem.type }, 'Events broke off');
    yield { event: 'error', data: JSON.stringify(toProblemDocument(problem, c.var.language, c.var.requestId)) };
  }
}

const isForbidden = (look: () => Promise<void>): Promise<boolean> =>
  look().then(
    () => false,
    () => true,
  );
