import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import type { Channel } from '../people/api-keys.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';
import { batches, type CallEndpoint } from './batches.ts';

/** queued → running → done | failed | cancelled; running → queued when nothing came of an attempt; queued → failed | cancelled. */
export const callStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type CallState = (typeof callStates)[number];

/** Asynchronous calls: those of `/v1/async/…`, and the lines of batches. */
export const asyncCalls = pgTable(
  'async_calls',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Of a line of a batch, as are the number of the line, from 1, and the caller's name for it. */
    batchId: uuid(),
    line: integer(),
    customId: text(),
    userId: uuid().references(() => users.id, { onDelete: 'set null' }),
    keyId: uuid(),
    channel: text().$type<Channel>().notNull(),
    endpoint: text().$type<CallEndpoint>().notNull(),
    model: text().notNull(),
    /** JSON as it was sent; removed once the call has ended. */
    body: text(),
    state: text().$type<CallState>().notNull().default('queued'),
    callbackUrl: text(),
    /** Names the reservation and the charge of the present attempt, or the last one. */
    requestId: uuid().notNull().defaultRandom(),
    attempts: integer().notNull().default(0),
    /** The delivery that has it while it runs. */
    run: uuid(),
    /** When it may be tried again. */
    nextAt: timestamp({ withTimezone: true, precision: 3 }),
    /** HTTP status of the answer, and the answer or error as JSON in the caller's dialect. */
    status: integer(),
    answer: text(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    startedAt: timestamp({ withTimezone: true, precision: 3 }),
    endedAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [
    sameOrganization('async_calls_batch', [table.batchId, table.organizationId], batches),
    uniqueIndex('async_calls_line').on(table.batchId, table.line).where(sql`batch_id is not null`),
    index('async_calls_organization').on(table.organizationId, table.createdAt.desc()),
    index('async_calls_ended').on(table.endedAt).where(sql`batch_id is null`),
    ...tenantPolicies('async_calls', table.organizationId),
  ],
);
