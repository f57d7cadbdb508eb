import { sql } from 'drizzle-orm';
import { pgPolicy, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies, tenantRole } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Keys of model providers that were entered, encrypted: the platform's, and those of organizations that bring their own. */
export const gatewaySecrets = pgTable(
  'gateway_secrets',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** NULL for the platform's. */
    organizationId: uuid().references(() => organizations.id, { onDelete: 'cascade' }),
    /** What the configuration calls it; of an organization the name of the provider. */
    name: text().notNull(),
    /** AES-256-GCM under the key file, bound to organization and name. */
    ciphertext: text().notNull(),
    /** The end of the secret, to recognize it by. */
    last4: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    unique('gateway_secrets_name').on(table.organizationId, table.name).nullsNotDistinct(),
    ...tenantPolicies('gateway_secrets', table.organizationId),
    // Every function that calls models reads the platform's, which only the key file opens.
    pgPolicy('gateway_secrets_shared', {
      to: tenantRole,
      for: 'select',
      using: sql`${table.organizationId} is null`,
    }),
  ],
);
