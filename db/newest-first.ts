import { type Column, desc, is, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { PgTimestamp } from 'drizzle-orm/pg-core';

/** Where a page ended, in an order by time and id. */
export interface Position {
  /** ISO 8601, with milliseconds. */
  at: string;
  id: string;
}

/** For statements whose text is written once. */
type LaterPosition = Record<keyof Position, Placeholder>;

/** The order of a list that is read by pages. */
export interface NewestFirst {
  order: SQL[];
  /** What comes after a position; undefined, which keeps all, without one. */
  after(position: Position | LaterPosition | undefined): SQL | undefined;
}

/**
 * Orders rows by time, and those of one moment by id, so that each is on one page. The database keeps microseconds where a column does not
 * say otherwise, and a position has none: of such a column only milliseconds count.
 */
export function newestFirst(at: Column | SQL, id: Column): NewestFirst {
  const isFiner = is(at, PgTimestamp) && at.precision !== 3;
  const moment = isFiner ? sql`date_trunc('milliseconds', ${at})` : sql`${at}`;
  return {
    order: [desc(moment), desc(id)],
    after: (position) => position && sql`(${moment}, ${id}) < (${position.at}::timestamptz, ${position.id}::uuid)`,
  };
}
