import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

/** Where a generation stands; see `modules/pictures/README.md`. */
export type ImageStatus =
  | 'queued'
  | 'submitting'
  | 'waiting'
  | 'running'
  | 'storing'
  | 'done'
  | 'failed'
  | 'refused'
  | 'cancelled'
  | 'expired';

const moment = () => timestamp({ withTimezone: true, precision: 3 });

/** Generations of pictures. Every change names the version that it saw, and adds one to it. */
export const images = pgTable(
  'images',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid().references(() => users.id, { onDelete: 'set null' }),
    keyId: uuid(),
    /** Whose it is where no account has it: the wallet that pays next to the organization. */
    walletId: uuid(),
    /** Names its reservation and its charge. */
    requestId: uuid().notNull(),
    model: text().notNull(),
    provider: text().notNull(),
    prompt: text().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    count: integer().notNull(),
    seed: bigint({ mode: 'number' }).notNull(),
    status: text().$type<ImageStatus>().notNull().default('queued'),
    /** Why it failed. */
    reason: text(),
    /** Submits that were begun. */
    attempt: integer().notNull().default(0),
    /** When it may be submitted again, after a provider did not accept it. */
    nextAt: moment(),
    /** The provider's name for it. */
    reference: text(),
    /** Of the token in the address where the provider calls back, SHA-256 in hex. */
    callbackTokenHash: text(),
    cancelAskedAt: moment(),
    /** Since when it is unknown whether the provider accepted it. */
    uncertainAt: moment(),
    progressDone: integer(),
    progressTotal: integer(),
    version: integer().notNull().default(1),
    /** Units of one picture, and those that were charged. */
    unitsEach: integer().notNull(),
    units: integer().notNull().default(0),
    /** The provider may have charged what the person was not. */
    maybeCharged: boolean().notNull().default(false),
    /** It came after its end, and costs nothing. */
    late: boolean().notNull().default(false),
    createdAt: moment().notNull().default(sql`now()`),
    submittedAt: moment(),
    startedAt: moment(),
    endedAt: moment(),
    /** Until when its units are held. */
    heldUntil: moment().notNull(),
  },
  (table) => [
    unique('images_owner').on(table.id, table.organizationId),
    unique('images_request').on(table.organizationId, table.requestId),
    uniqueIndex('images_reference').on(table.provider, table.reference).where(sql`reference is not null`),
    index('images_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    index('images_wallet').on(table.walletId, table.createdAt.desc(), table.id).where(sql`wallet_id is not null`),
    index('images_open').on(table.createdAt).where(sql`ended_at is null`),
    index('images_seconds').on(table.model, table.endedAt.desc()).where(sql`status = 'done' and not late`),
    index('images_refused').on(table.organizationId, table.userId, table.endedAt).where(sql`status = 'refused'`),
    ...tenantPolicies('images', table.organizationId),
  ],
);
