import { join } from 'node:path';
import type { Sql } from 'postgres';
import { connect } from '../../../db/connect.ts';
import { databaseName } from '../../../db/logins.ts';
import { majorOfPrograms } from '../../services/postgres-major.ts';
import { runProgram } from '../content/run-program.ts';
import type { Manifest } from '../manifest.ts';

/** Where a dump is brought back: a database elsewhere, which is undefined where none is set, or a server of the new home itself. */
export type DumpTarget = { databaseUrl: string | undefined } | 'own server';

interface Check {
  manifest: Manifest;
  /** Folder of PostgreSQL's programs; PATH when empty. */
  programs: string;
  target: DumpTarget;
}

/** What stands in the way of bringing back a dump; nothing is changed. */
export async function whatIsInTheWayOfDump({ manifest, programs, target }: Check): Promise<string[]> {
  const { postgres: wanted } = manifest.database;
  if (target === 'own server') {
    const found = programs === '' ? undefined : await majorOfPrograms(programs);
    if (found !== undefined && found >= wanted) return [];
    const here = found === undefined ? 'none is installed' : `here is ${found}`;
    return [`its dump is of PostgreSQL ${wanted}, and ${here}: install postgresql-${wanted}`];
  }
  if (target.databaseUrl === undefined) {
    return [
      `its database is a dump of a server elsewhere: set DATABASE_URL to an empty database of PostgreSQL ${wanted} or newer`,
    ];
  }
  const [program, database] = [await checkProgram(programs, wanted), await look(target.databaseUrl)];
  if ('problem' in database) return [...program.problems, database.problem];
  return [...program.problems, ...judgeDatabase(database, wanted), ...judgeTogether(program.major, database.postgres)];
}

async function checkProgram(programs: string, wanted: number): Promise<{ major?: number; problems: string[] }> {
  const install = `install postgresql-client-${wanted}`;
  const answer = await runProgram('Ask pg_restore for its version', {
    ...{ program: join(programs, 'pg_restore'), args: ['--version'] },
  }).catch(() => undefined);
  if (answer === undefined) return { problems: [`pg_restore is missing: ${install}`] };
  const major = Number(/\) (\d+)/.exec(answer)?.[1]);
  return {
    major,
    problems:
      major < wanted ? [`its dump is of PostgreSQL ${wanted}, and pg_restore here is of ${major}: ${install}`] : [],
  };
}

/** From this version on pg_restore sets what older servers do not know. */
const TRANSACTION_TIMEOUT_SINCE = 17;

const judgeTogether = (program: number | undefined, server: number): string[] =>
  program !== undefined && program >= TRANSACTION_TIMEOUT_SINCE && server < TRANSACTION_TIMEOUT_SINCE
    ? [
        `pg_restore here is of PostgreSQL ${program}, and the server of DATABASE_URL is of ${server}, which it does not serve: ` +
          `use a server of ${TRANSACTION_TIMEOUT_SINCE} or newer, or install postgresql-client-${server}`,
      ]
    : [];

interface Database {
  name: string;
  role: string;
  postgres: number;
  /** Names of what is there already. */
  objects: string[];
  /** Of processes of a platform that are connected to it. */
  processes: string[];
  mayCreate: boolean;
  mayCreateRoles: boolean;
}

function judgeDatabase(database: Database, wanted: number): string[] {
  const { name, role, postgres, objects, processes } = database;
  const [first] = objects;
  return [
    ...(postgres < wanted
      ? [
          `its dump is of PostgreSQL ${wanted}, and the server of DATABASE_URL is of ${postgres}: use one of ${wanted} or newer`,
        ]
      : []),
    ...(first === undefined
      ? []
      : [
          `database "${name}" is not empty: ${objects.length} objects, such as ${first}; create a new one for DATABASE_URL`,
        ]),
    ...(processes.length > 0
      ? [
          `"${processes.join('", "')}" are connected to database "${name}": stop all hosts first, with pandect down on each`,
        ]
      : []),
    ...(database.mayCreate ? [] : [`role "${role}" may not create schemas and tables in database "${name}"`]),
    ...(database.mayCreateRoles ? [] : [`role "${role}" may not create roles, as migrations do: give it CREATEROLE`]),
  ];
}

async function look(url: string): Promise<Database | { problem: string }> {
  const sql = connect(url, { applicationName: 'pandect restore' });
  try {
    const [row] = await sql<Omit<Database, 'objects' | 'processes' | 'name'>[]>`
      select current_user as role, current_setting('server_version_num')::int / 10000 as postgres,
        has_database_privilege(current_database(), 'create')
          and has_schema_privilege('public', 'create') as "mayCreate",
        rolsuper or rolcreaterole as "mayCreateRoles"
      from pg_roles where rolname = current_user`;
    if (!row) throw new Error('its role is unknown');
    const processes = await sql<{ name: string }[]>`
      select distinct application_name as name from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and starts_with(application_name, 'pandect')
      order by 1`;
    return {
      ...{ ...row, name: databaseName(url) },
      ...{ objects: await objectsIn(sql), processes: processes.map(({ name }) => name) },
    };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { problem: `the database of DATABASE_URL cannot be used: ${message || code}` };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** What a dump would meet: schemas of ours, and whatever stands in the one that every database has. Extensions bring their own. */
async function objectsIn(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    with own as (
      select 'pg_class'::regclass as catalog, oid, relname::text as name, 2 as rank from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      union all select 'pg_proc'::regclass, oid, proname, 3 from pg_proc where pronamespace = 'public'::regnamespace
      union all select 'pg_type'::regclass, oid, typname, 3 from pg_type
      where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
    )
    select 'schema "' || nspname || '"' as name, 1 as rank from pg_namespace where nspname in ('drizzle', 'pgboss')
    union all select 'public."' || name || '"', rank from own
    where not exists (select from pg_depend where classid = catalog and objid = own.oid and deptype = 'e')
    order by 2, 1`;
  return rows.map(({ name }) => name);
}
