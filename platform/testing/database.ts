import type { Sql } from 'postgres';
import { inject } from 'vitest';
import { createDatabase, type Database } from '../../db/client.ts';
import { connect } from '../../db/connect.ts';
import { ensureLogins, type LoginName, loginNames, loginRole, loginUrl } from '../../db/logins.ts';

/** A database of its own for one test file: a clone of the migrated template with logins like a platform's. */
export interface TestDatabase {
  name: string;
  ownerUrl: string;
  /** Sees and may do everything; for arranging and looking, never for what is tested. */
  owner: Sql;
  url(login: LoginName): string;
  tenant: Database;
  organization: Database;
  billing: Database;
  identity: Database;
  platform: Database;
  /** Drops it. A run of the tests fails when one is left. */
  close(): Promise<void>;
}

interface DatabaseOptions {
  connections?: number;
  on?: { templateUrl: string };
}

/**
 * @param connections most that each login opens
 * @param on a server of the test's own
 */
export async function testDatabase({ connections = 5, on }: DatabaseOptions = {}): Promise<TestDatabase> {
  const { cloning, passwords, verifiers, ...shared } = inject('services');
  const { templateUrl } = on ?? shared;
  const name = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const ownerUrl = withDatabase(templateUrl, name);
  const template = new URL(templateUrl).pathname.slice(1);
  const administrator = connectAdministrator(templateUrl);
  await administrator`create database ${administrator(name)} template ${administrator(template)} ${administrator.unsafe(cloning)}`;
  const owner = connect(ownerUrl, { max: 2 });
  await ensureLogins(owner, verifiers);
  const url = (login: LoginName) => loginUrl(ownerUrl, login, passwords[login]);
  const open = (login: LoginName) => createDatabase({ url: url(login), connections });
  const databases = {
    tenant: open('tenant'),
    organization: open('organization'),
    billing: open('billing'),
    identity: open('identity'),
    platform: open('platform'),
  };
  return {
    name,
    ownerUrl,
    owner,
    url,
    ...databases,
    async close() {
      await Promise.all([owner.end({ timeout: 5 }), ...Object.values(databases).map((database) => database.close())]);
      await administrator`drop database ${administrator(name)} with (force)`;
      const roles = loginNames.flatMap((login) => [loginRole(name, login), loginRole(name, login, 1)]);
      await administrator`drop role if exists ${administrator(roles)}`;
      await administrator.end({ timeout: 5 });
    },
  };
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** To the maintenance database: one that has connections can be neither cloned nor dropped. */
const connectAdministrator = (url: string): Sql => connect(withDatabase(url, 'postgres'));

export async function asAdministrator(url: string, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = connectAdministrator(url);
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
