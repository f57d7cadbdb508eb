import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import type { Channel } from '../people/api-keys.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

/** What can be called without waiting; under `/v1/` each is a live call. */
export const callEndpoints = ['chat/completions', 'responses', 'embeddings'] as const;
export type CallEndpoint = (typeof callEndpoints)[number];

/**
 * validating → in_progress → finalizing → completed | expired; validating → failed; validating | in_progress → cancelling → cancelled.
 * Each that has not ended → failed when its jobs fail for good. As OpenAI names them.
 */
export const batchStates = [
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
] as const;
export type BatchState = (typeof batchStates)[number];
/** Of batches that have not ended. */
export const openBatchStates = [
  'validating',
  'in_progress',
  'finalizing',
  'cancelling',
] as const satisfies BatchState[];

/** What is wrong with a line of the input; `line` counts from 1. */
export interface BatchError {
  code: string;
  message: string;
  param: string | null;
  line: number | null;
}

const time = () => timestamp({ withTimezone: true, precision: 3 });

/** Many calls in one file. */
export const batches = pgTable(
  'batches',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid().references(() => users.id, { onDelete: 'set null' }),
    keyId: uuid(),
    channel: text().$type<Channel>().notNull(),
    endpoint: text().$type<CallEndpoint>().notNull(),
    state: text().$type<BatchState>().notNull().default('validating'),
    /** Files may be deleted before their batch. */
    inputFileId: uuid().notNull(),
    outputFileId: uuid(),
    errorFileId: uuid(),
    errors: jsonb().$type<BatchError[]>(),
    metadata: jsonb().$type<Record<string, string>>(),
    callbackUrl: text(),
    total: integer().notNull().default(0),
    completed: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    createdAt: time().notNull().default(sql`now()`),
    inProgressAt: time(),
    finalizingAt: time(),
    completedAt: time(),
    failedAt: time(),
    expiredAt: time(),
    cancellingAt: time(),
    cancelledAt: time(),
    expiresAt: time().notNull(),
  },
  (table) => [
    unique('batches_owner').on(table.id, table.organizationId),
    index('batches_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    index('batches_age').on(table.createdAt),
    ...tenantPolicies('batches', table.organizationId),
  ],
);
