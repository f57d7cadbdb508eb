import { sql } from 'drizzle-orm';
import {
  date,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { botUsers } from './bot-users.ts';

/** `drawn` until a text is there; `failed` ones may be read again, with the same cards; of a `refused` one no model will speak. */
export type ReadingState = 'drawn' | 'done' | 'failed' | 'refused';

const moment = () => timestamp({ withTimezone: true, precision: 3 });

/** Readings of tarot cards. The cards are stored in the transaction that reserves the reading, and never drawn again. */
export const readings = pgTable(
  'readings',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    botUserId: uuid().notNull(),
    /** Names the reservation of its last try. */
    requestId: uuid().notNull(),
    spread: text().notNull(),
    /** Empty for none. */
    question: text().notNull(),
    language: text().$type<'ru' | 'en'>().notNull(),
    /** One for each position of the spread, by the numbers of the deck. */
    cards: jsonb().$type<{ card: number; isReversed: boolean }[]>().notNull(),
    /** Of a card of the day: in the time zone of the bot. */
    day: date(),
    state: text().$type<ReadingState>().notNull().default('drawn'),
    answer: text(),
    /** Who wrote the answer: a model, or the table of meanings. Missing for one that was stopped. */
    source: text().$type<'model' | 'table'>(),
    /** Name of the model that is asked first, whose line it stands in. */
    target: text(),
    queuedAt: moment().notNull().default(sql`now()`),
    /** While it waits for its turn: when it was last seen there. */
    waitingAt: moment(),
    /** That the model took. */
    seconds: real(),
    version: integer().notNull().default(1),
    createdAt: moment().notNull().default(sql`now()`),
  },
  (table) => [
    unique('readings_request').on(table.organizationId, table.requestId),
    uniqueIndex('readings_day').on(table.botUserId, table.day).where(sql`day is not null`),
    index('readings_user').on(table.botUserId, table.createdAt.desc(), table.id),
    index('readings_same_day').on(table.organizationId, table.day).where(sql`day is not null`),
    index('readings_line').on(table.target, table.queuedAt).where(sql`waiting_at is not null`),
    index('readings_seconds').on(table.target, table.queuedAt.desc()).where(sql`seconds is not null`),
    sameOrganization('readings_owner', [table.botUserId, table.organizationId], botUsers),
    ...tenantPolicies('readings', table.organizationId),
  ],
);
