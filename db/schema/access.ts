import { sql } from 'drizzle-orm';
import { type AnyPgColumn, foreignKey, type PgRole, pgPolicy, pgRole } from 'drizzle-orm/pg-core';

/**
 * Group roles that carry all rights. Processes log in as members of them (see `db/logins.ts`), so that a table's
 * policies name a purpose and never a login.
 */
export const tenantRole = pgRole('pandect_tenant').existing();
export const identityRole = pgRole('pandect_identity').existing();
export const platformRole = pgRole('pandect_platform').existing();

/** The organization that `Database.tenant` set for this transaction; NULL, which equals nothing, outside of one. */
const currentOrganization = sql`nullif(current_setting('app.organization_id', true), '')::uuid`;

/** Rows are seen and written by their own organization, and by upkeep. */
export const tenantPolicies = (table: string, organization: AnyPgColumn) => [
  pgPolicy(`${table}_tenant`, {
    to: tenantRole,
    using: sql`${organization} = ${currentOrganization}`,
    withCheck: sql`${organization} = ${currentOrganization}`,
  }),
  everyRow(table, platformRole),
];

/** All rows, for a role whose purpose crosses organizations; what it may do with them is a matter of grants. */
export const everyRow = (table: string, role: PgRole) =>
  pgPolicy(`${table}_${role.name.replace('pandect_', '')}`, { to: role, using: sql`true`, withCheck: sql`true` });

/**
 * Foreign key to a row of the same organization. Row-level security does not cover foreign key checks, so a plain
 * one would let a tenant attach rows to another tenant's document, or learn that its id exists.
 */
export const sameOrganization = (
  name: string,
  columns: [AnyPgColumn, AnyPgColumn],
  parent: { id: AnyPgColumn; organizationId: AnyPgColumn },
) => foreignKey({ name, columns, foreignColumns: [parent.id, parent.organizationId] }).onDelete('cascade');
