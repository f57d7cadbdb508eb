import { type SQL, sql } from 'drizzle-orm';

/** A `timestamptz` as text in ISO 8601, by UTC: for statements whose rows are answered as they are. Null stays null. */
export const isoTime = (time: SQL): SQL => sql`(to_json(${time} at time zone 'utc')#>>'{}' || 'Z')`;

/** When the current day began, as `timestamptz`. */
export const startOfDay = sql`date_trunc('day', now(), 'utc')`;

/** When the current month began, as `timestamptz`. */
export const startOfMonth = sql`date_trunc('month', now(), 'utc')`;

/** The first day of the current month, as the `date` that sums of months carry. */
export const currentMonth = sql`date_trunc('month', now() at time zone 'utc')::date`;
