import type { Sql } from 'postgres';

/**
 * Group roles carry the rights, logins are members of them. Roles are shared by all databases of a server, so logins
 * are named after the database: two platforms on one server cannot enter each other's.
 */
export const groups = [
  'pandect_tenant',
  'pandect_organization',
  'pandect_billing',
  'pandect_identity',
  'pandect_platform',
  'pandect_queue',
] as const;
type Group = (typeof groups)[number];

/** What a process may log in as, and the groups behind it. */
export const logins = {
  tenant: ['pandect_tenant'],
  // Rows of one organization like a tenant, and may change who belongs to it, or what it owes.
  organization: ['pandect_tenant', 'pandect_organization'],
  billing: ['pandect_tenant', 'pandect_billing'],
  identity: ['pandect_identity'],
  platform: ['pandect_platform'],
  'tenant-worker': ['pandect_tenant', 'pandect_queue'],
  'platform-worker': ['pandect_platform', 'pandect_queue'],
} satisfies Record<string, Group[]>;
export type LoginName = keyof typeof logins;
export const loginNames = Object.keys(logins) as LoginName[];

export const loginRole = (database: string, login: LoginName) => `${database}_login_${login.replaceAll('-', '_')}`;

/** The connection string of a login: the owner's with other credentials. */
export function loginUrl(ownerUrl: string, login: LoginName, password: string): string {
  const url = new URL(ownerUrl);
  // The setters leave a % as it is.
  url.username = encodeURIComponent(loginRole(databaseName(ownerUrl), login));
  url.password = encodeURIComponent(password);
  return url.href;
}

export const databaseName = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

/** Creates the group roles that are missing. Another platform may be doing the same on this server. */
export async function ensureGroups(sql: Sql): Promise<void> {
  for (const group of groups) {
    await sql.unsafe(`do $$ begin
      create role ${group} nologin;
    exception when duplicate_object or unique_violation then null; end $$`);
  }
}

/** Creates or updates the logins of this database and gives them their password. */
export async function ensureLogins(sql: Sql, passwords: Record<LoginName, string>): Promise<void> {
  const [{ database } = { database: '' }] = await sql<{ database: string }[]>`select current_database() as database`;
  const name = (value: string) => `"${value.replaceAll('"', '""')}"`;
  await sql.unsafe(`revoke connect on database ${name(database)} from public`);
  for (const login of loginNames) {
    const role = loginRole(database, login);
    const [existing] = await sql`select 1 from pg_roles where rolname = ${role}`;
    const password = passwords[login].replaceAll("'", "''");
    await sql.unsafe(`${existing ? 'alter' : 'create'} role ${name(role)} login password '${password}'`);
    for (const group of logins[login]) await sql.unsafe(`grant ${group} to ${name(role)}`);
    await sql.unsafe(`grant connect on database ${name(database)} to ${name(role)}`);
  }
}
