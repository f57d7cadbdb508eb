import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { type IndexSettings, requireLive } from './generation.ts';
import type { Generations } from './generations.ts';

/** The same generations; in a new database, the first process that asks for the live one makes it by these settings. */
export const withFirstIndex = (generations: Generations, database: Database, wanted: IndexSettings): Generations => ({
  ...generations,
  async live() {
    const known = await generations.list();
    if (known.length > 0) return requireLive(known);
    await database.transaction((tx) => tx.execute(makeFirstIndex(wanted)));
    await generations.refresh();
    return generations.live();
  },
});

const makeFirstIndex = ({ chunker, embeddingModel, dimensions, store }: IndexSettings) =>
  sql`select make_first_index(${chunker}, ${embeddingModel}, ${dimensions}, ${store})`;
