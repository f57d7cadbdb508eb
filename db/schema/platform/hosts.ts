import { sql } from 'drizzle-orm';
import { pgPolicy, pgRole, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const queueRole = pgRole('pandect_queue').existing();

/** Supervisors that serve this database, one row each; `seen_at` is renewed every few seconds while one runs. */
export const hosts = pgTable(
  'hosts',
  {
    /** Of the host's home, in its `host.json`. */
    id: uuid().primaryKey(),
    /** The machine's name. */
    name: text().notNull(),
    version: text().notNull(),
    /** Digest of the keys and passwords that all hosts must have alike. */
    keys: text().notNull(),
    /** Where files are stored: `local`, or server and bucket. */
    storage: text().notNull(),
    /** Where the search index is: `local`, or the server. */
    vectors: text().notNull(),
    startedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    seenAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  () => [pgPolicy('hosts_queue', { to: queueRole, using: sql`true`, withCheck: sql`true` })],
);
