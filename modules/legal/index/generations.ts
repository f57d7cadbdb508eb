import { setTimeout as sleep } from 'node:timers/promises';
import { desc, ne } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { indexGenerations } from '../../../db/schema/legal/index-generations.ts';
import { type Generation, requireLive } from './generation.ts';

/**
 * Which index generations there are, as every process knows it: it looks when it is asked and has not looked for a
 * second, so that a switch is seen by all within a second and no one has to be told.
 */
export interface Generations {
  /** All but the removed ones, newest first. @throws when the database never answered */
  list(): Promise<readonly Generation[]>;
  /** The one that searches use. */
  live(): Promise<Generation>;
  /** Looks again now. */
  refresh(): Promise<void>;
}

const FRESH_MS = 1_000;
/** Longest wait for news where something is known; a database that hangs must not hold every search up. */
const PATIENCE_MS = 500;

/** @param now milliseconds since any fixed point */
export function createGenerations(database: Database, now: () => number = () => performance.now()): Generations {
  let known: readonly Generation[] | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const learn = async () => {
    const began = now();
    known = await readGenerations(database);
    askedAt = began;
  };
  const look = () =>
    (asking ??= learn().finally(() => {
      asking = undefined;
    }));

  const list = async (): Promise<readonly Generation[]> => {
    if (now() - askedAt < FRESH_MS && known) return known;
    const news = look();
    if (!known) {
      await news;
      return known ?? [];
    }
    const waited = new AbortController();
    const patience = sleep(PATIENCE_MS, undefined, { signal: waited.signal, ref: false }).catch(() => {});
    // While the database is unavailable, what was known last is used, and anyone who needs its rows hears of that anyway.
    await Promise.race([news.catch(() => {}), patience]);
    waited.abort();
    return known;
  };

  return {
    list,
    live: async () => requireLive(await list()),
    async refresh() {
      // A look that is under way may have begun before what the caller has just learnt.
      await asking?.catch(() => {});
      await look();
    },
  };
}

/** All but the removed ones, newest first. */
export const readGenerations = (database: Pick<Database, 'transaction'>): Promise<Generation[]> =>
  database.transaction((tx) =>
    tx
      .select()
      .from(indexGenerations)
      .where(ne(indexGenerations.state, 'removed'))
      .orderBy(desc(indexGenerations.generation)),
  );
