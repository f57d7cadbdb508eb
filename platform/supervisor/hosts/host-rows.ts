import type { Sql } from 'postgres';
import { connect } from '../../../db/connect.ts';
import { GONE_AFTER_SECONDS, type Host } from './host.ts';

/** A host with its keys. */
export type EnteredHost = Host & { keys: string };

/** A host as the database knows it. */
export interface HostRow extends EnteredHost {
  startedAt: Date;
  seenAt: Date;
}

const isRecent = (sql: Sql) => sql`seen_at > now() - make_interval(secs => ${GONE_AFTER_SECONDS})`;

/** Those that were heard of lately, the longest running first; none before the table is there. */
export async function liveHosts(sql: Sql): Promise<HostRow[]> {
  const [known] = await sql<{ found: boolean }[]>`select to_regclass('public.hosts') is not null as found`;
  if (!known?.found) return [];
  return sql<HostRow[]>`
    select id, name, version, keys, storage, vectors, started_at as "startedAt", seen_at as "seenAt"
    from hosts where ${isRecent(sql)} order by started_at, name, id`;
}

/** What became of a host: it was heard of lately, ended in good order, or fell silent. */
export type HostState = 'running' | 'stopped' | 'lost';

export type KnownHost = Pick<HostRow, 'id' | 'name' | 'version' | 'startedAt' | 'seenAt'> & { state: HostState };

/** Those that were heard of in the last week, the longest running first; a clean end leaves no time in `seen_at`. */
export const knownHosts = (sql: Sql): Promise<KnownHost[]> => sql<KnownHost[]>`
  select id, name, version, started_at as "startedAt", seen_at as "seenAt",
    case when ${isRecent(sql)} then 'running' when seen_at = 'epoch' then 'stopped' else 'lost' end as state
  from hosts order by started_at, name, id`;

/** As the owner of the database, at the start. Hosts that were not heard of for a week are forgotten. */
export async function enterHost(sql: Sql, host: EnteredHost): Promise<void> {
  const { id, name, version, keys, storage, vectors } = host;
  await sql`
    insert into hosts (id, name, version, keys, storage, vectors)
    values (${id}, ${name}, ${version}, ${keys}, ${storage}, ${vectors})
    on conflict (id) do update set name = excluded.name, version = excluded.version, keys = excluded.keys,
      storage = excluded.storage, vectors = excluded.vectors, started_at = now(), seen_at = now()`;
  await sql`delete from hosts where seen_at < now() - interval '7 days'`;
}

/** Runs with a connection of its own. @param url of the owner, or of a login that may read the queue */
export async function withHosts<T>(url: string, use: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connect(url, { applicationName: 'pandect hosts' });
  try {
    return await use(sql);
  } finally {
    // What was given up is still being answered.
    await sql.end({ timeout: 1 });
  }
}
