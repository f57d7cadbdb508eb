import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../../../../db/client.ts';
import { readings } from '../../../../../db/schema/bots/readings.ts';
import {
  type CatalogueModel,
  type ChatCall,
  type ChatModel,
  type Choice,
  Postponed,
  type ReservedCall,
  type Said,
} from '../../../../models/index.ts';
import type { ReadingRow } from './records.ts';

/** Longest wait for a turn, and longest time of a model. */
export const WAIT_SECONDS = 240;
export const ANSWER_SECONDS = 120;
/** A reading takes at most so long: a second answer follows one that did not name the cards. */
export const MOST_SECONDS = WAIT_SECONDS + 2 * ANSWER_SECONDS;

/** Between two looks at the line. */
const LOOK_MS = 2_000;
/** A shorter wait is not told. */
const TOLD_SECONDS = 10;
/** So many are next: they wait here, so that no turn passes unused. All others come back for another look. */
const NEXT = 2;
/** Until then at the latest; a place in the line that was not looked at for 20 s is passed over. */
const LONGEST_AWAY_SECONDS = 10;
/** Where nothing is known of a model yet. */
const USUAL_SECONDS = 8;

/** What a person is shown before the answer is whole. */
export type Shown = { type: 'text'; text: string } | { type: 'place'; place: number; seconds: number };

export interface Asked {
  reading: ReadingRow;
  models: readonly CatalogueModel[];
  calls: readonly ChatCall[];
  retry: Choice['retry'];
  call: ReservedCall;
  signal: AbortSignal;
}

type Outcome = Said & { isFiltered: boolean; isCut: boolean; seconds: number };

/** Calls at a time that these models take together, over all processes. */
const slotsOf = (models: readonly CatalogueModel[]): number =>
  models
    .flatMap(({ target }) => target.provider.keys)
    .reduce((sum, { concurrency = Number.POSITIVE_INFINITY }) => sum + concurrency, 0);

/**
 * Asks the models, where they take few calls at a time in the order of arrival over the whole platform. A person who waits for longer
 * is told the place in the line.
 * @returns `busy` when the turn did not come, or the signal aborted before it
 * @throws Postponed far behind in the line, where the place stays
 */
export async function* askInLine(database: Database, asked: Asked): AsyncGenerator<Shown, Outcome | 'busy'> {
  const { reading, models, signal } = asked;
  const slots = slotsOf(models);
  const until = reading.queuedAt.getTime() + WAIT_SECONDS * 1000;
  if (slots === Number.POSITIVE_INFINITY) return yield* askOnce(asked);
  const line = createPlace(database, reading);
  const calls = asked.calls.map((one) => ({ ...one, chat: leavingWithTurn(one.chat, line.leave) }));
  try {
    for (;;) {
      const { before, seconds } = await line.look();
      if (before < slots) {
        const outcome = yield* askOnce({ ...asked, calls });
        if (outcome.refusal?.reason !== 'full') return outcome;
      }
      if (signal.aborted || Date.now() > until) return 'busy';
      const wait = Math.ceil(((before + 1) / slots) * (seconds ?? USUAL_SECONDS));
      if (wait > TOLD_SECONDS) yield { type: 'place', place: before + 1, seconds: wait };
      if (before >= slots + NEXT && asked.call.calls === 0) {
        line.keep();
        throw new Postponed(Math.min(Math.ceil(wait / 4), LONGEST_AWAY_SECONDS));
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    await line.leave();
  }
}

/** A place in the line is kept as long as it is looked at. */
function createPlace(database: Database, { id, organizationId, queuedAt, target }: ReadingRow) {
  let isThere = false;
  return {
    async look(): Promise<{ before: number; seconds: number | null }> {
      isThere = true;
      return database.tenant(organizationId, async (tx) => {
        await tx.update(readings).set({ waitingAt: sql`now()` }).where(eq(readings.id, id));
        const [row] = await tx.execute<{ before: number; seconds: number | null }>(
          sql`select before, seconds from reading_line(${id}, ${queuedAt.toISOString()}::timestamptz, ${target})`,
        );
        return { before: row?.before ?? 0, seconds: row?.seconds ?? null };
      });
    },
    /** The place outlasts this look. */
    keep() {
      isThere = false;
    },
    async leave(): Promise<void> {
      if (!isThere) return;
      isThere = false;
      await database.tenant(organizationId, (tx) =>
        tx.update(readings).set({ waitingAt: null }).where(eq(readings.id, id)),
      );
    },
  };
}

/** Who has a turn waits no more. */
const leavingWithTurn = (chat: ChatModel, leave: () => Promise<void>): ChatModel => ({
  async begin(options) {
    const turn = await chat.begin?.(options);
    if (turn && 'end' in turn) await leave();
    return turn as Awaited<ReturnType<NonNullable<ChatModel['begin']>>>;
  },
  stream: (request, options) => chat.stream(request, options),
});

async function* askOnce({ call, calls, retry, signal: leaving }: Asked): AsyncGenerator<Shown, Outcome> {
  const signal = AbortSignal.any([leaving, AbortSignal.timeout(ANSWER_SECONDS * 1000)]);
  const startedAt = performance.now();
  let said: Said | undefined;
  let text = '';
  let reason: string | undefined;
  for await (const event of call.ask(calls, signal, retry)) {
    if (event.type === 'ended') said = event;
    else if (event.type === 'finish') reason = event.reason;
    else if (event.type === 'text') {
      text += event.text;
      yield { type: 'text', text };
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { ...(said as Said), isFiltered: reason === 'filtered', isCut: reason === 'length', seconds };
}
