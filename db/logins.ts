import type { Sql, TransactionSql } from 'postgres';

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

declare module '../platform/kernel/manifest.ts' {
  interface DatabaseRoles {
    /** Rows of one organization at a time. */
    tenant: true;
    /** The same, and may change its people and keys. */
    organization: true;
    /** The same as a tenant, and may change its subscription and invoices. */
    billing: true;
    /** Users and tokens, to sign people in. */
    identity: true;
    /** Every row, for upkeep. */
    platform: true;
  }
}

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

/**
 * Each login has two roles, which take turns while passwords rotate: an even number of rotations means the first.
 * @param rotation how often the passwords were rotated
 */
export const loginRole = (database: string, login: LoginName, rotation = 0) =>
  `${database}_login_${login.replaceAll('-', '_')}${rotation % 2 === 0 ? '' : '_b'}`;

/** The connection string of a login: the owner's with other credentials. */
export function loginUrl(ownerUrl: string, login: LoginName, password: string, rotation = 0): string {
  const url = new URL(ownerUrl);
  // The setters leave a % as it is.
  url.username = encodeURIComponent(loginRole(databaseName(ownerUrl), login, rotation));
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

/** Which role of each login is valid. */
export interface LoginTurn {
  /** How often the passwords were rotated. */
  rotation?: number;
  /** Present while the other roles stay as they are. */
  previous?: unknown;
}

/**
 * Creates or updates the logins of this database and gives them their password. Roles whose turn is over can do nothing any
 * more: they lose password, rights and connections, all in one transaction with the others.
 */
export async function ensureLogins(
  sql: Sql,
  passwords: Record<LoginName, string>,
  { rotation = 0, previous }: LoginTurn = {},
): Promise<void> {
  await sql.begin(async (tx) => {
    const [{ database } = { database: '' }] = await tx<{ database: string }[]>`select current_database() as database`;
    const known = await tx<{ rolname: string; rolcanlogin: boolean }[]>`
      select rolname, rolcanlogin from pg_roles where starts_with(rolname, ${`${database}_login_`})`;
    const find = (role: string) => known.find(({ rolname }) => rolname === role);
    const roles = loginNames.map((login) => ({ login, role: quoted(loginRole(database, login, rotation)) }));
    for (const { login, role } of roles) {
      const password = passwords[login].replaceAll("'", "''");
      const verb = find(loginRole(database, login, rotation)) ? 'alter' : 'create';
      await tx.unsafe(`${verb} role ${role} login password '${password}'`);
    }
    // One text, since each waits for its answer; without the passwords, since the server logs one that is slow or fails.
    const grants = [
      ...roles.map(({ login, role }) => `grant ${logins[login].join(', ')} to ${role}`),
      `revoke connect on database ${quoted(database)} from public`,
      `grant connect on database ${quoted(database)} to ${roles.map(({ role }) => role).join(', ')}`,
    ];
    await tx.unsafe(grants.join(';'));
    for (const login of loginNames) {
      const other = loginRole(database, login, rotation + 1);
      if (previous === undefined && find(other)?.rolcanlogin) await retire(tx, other, logins[login]);
    }
  });
}

/** An owner that may not end the connections of others leaves them open, but without any right. */
async function retire(tx: TransactionSql, role: string, held: readonly Group[]): Promise<void> {
  await tx.unsafe(`alter role ${quoted(role)} nologin password null`);
  for (const group of held) await tx.unsafe(`revoke ${group} from ${quoted(role)}`);
  await tx`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role} and pg_has_role(${role}, 'usage')`;
}

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
