import type { Sql } from 'postgres';
import { connect } from '../../../../db/connect.ts';
import { within } from '../../../../db/within.ts';
import { selectDepths } from '../../../capabilities/queue/pgboss/select-depths.ts';
import { type Family, gauge, type Sample } from '../family.ts';

/** A connection that is there for metrics alone: they are read while other work waits for its turn, and the other way round. */
export interface DatabaseFigures {
  /** @throws when the database does not answer in time */
  activity(): Promise<Family[]>;
  /** @param perOrganization jobs that one organization may have under way, by queue @throws as `activity` */
  queues(perOrganization: ReadonlyMap<string, number>): Promise<Family[]>;
  /** @throws as `activity` */
  cost(): Promise<Family[]>;
  /** @throws as `activity` */
  sizes(): Promise<Family[]>;
  close(): Promise<void>;
}

const SECONDS = 2;

/** @param url the owner's connection string: others do not see what connections of other logins do */
export function openDatabaseFigures(url: string): DatabaseFigures {
  const open = () => connect(url, { max: 2, applicationName: 'pandect metrics' });
  let sql = open();

  const ask = async <T>(question: (sql: Sql) => PromiseLike<T>): Promise<T> => {
    const asked = sql;
    try {
      return await within(SECONDS, question(asked));
    } catch (error) {
      // One that hangs would be waited for again.
      if (asked === sql) sql = open();
      void asked.end({ timeout: 0 });
      throw error;
    }
  };

  return {
    activity: async () => activityFamilies(await ask(selectActivity)),
    async queues(perOrganization) {
      const depths = await ask((now) => selectDepths(now, perOrganization));
      const jobs = depths.flatMap(({ queue, oldestSeconds: _, ...states }) =>
        Object.entries(states).map(([state, value]): Sample => ({ labels: { queue, state }, value })),
      );
      const oldest = depths.map(({ queue, oldestSeconds }) => ({ labels: { queue }, value: oldestSeconds }));
      return [
        { name: 'pandect_queue_jobs', type: 'gauge', help: 'Jobs that are not over, by what keeps them', series: jobs },
        {
          ...{
            name: 'pandect_queue_oldest_seconds',
            type: 'gauge',
            help: 'Time for which the oldest job could have begun',
          },
          series: oldest,
        },
      ];
    },
    async cost() {
      const rows = await ask(selectCost);
      const series = rows.map(({ model, cost }) => ({ labels: { model }, value: cost }));
      const help = 'What models cost in this month (UTC), in the currency of their prices';
      return [{ name: 'pandect_ai_cost_month', type: 'gauge', help, series }];
    },
    async sizes() {
      const rows = await ask(selectSizes);
      const series = rows.map(({ table, bytes }) => ({ labels: { table }, value: bytes }));
      const help = 'Disk that tables take with their indexes';
      return [{ name: 'pandect_database_size_bytes', type: 'gauge', help, series }];
    },
    close: () => sql.end({ timeout: 0 }),
  };
}

interface Activity {
  states: { state: string; connections: number }[];
  /** Of all databases of the server. */
  taken: number;
  most: number;
  longest: number;
}

async function selectActivity(sql: Sql): Promise<Activity> {
  const [row] = await sql<[Activity]>`
    with clients as (
      select coalesce(state, 'unknown') as state, query_start from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend'
    )
    select
      (select coalesce(json_agg(json_build_object('state', state, 'connections', connections) order by state), '[]')
        from (select state, count(*)::int as connections from clients group by state) each) as states,
      -- What those of other logins are is told to a few roles alone; workers without a login are no clients.
      (select count(*)::int from pg_stat_activity where datid is not null
        and (backend_type = 'client backend' or (backend_type is null and usesysid is not null))) as taken,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0) as most,
      (select coalesce(extract(epoch from max(clock_timestamp() - query_start)), 0)::float
        from clients where state = 'active') as longest`;
  return row;
}

/** All states, so that those without a connection are 0 and not missing. */
const connectionStates = ['active', 'idle', 'idle in transaction', 'idle in transaction (aborted)'];

function activityFamilies({ states, taken, most, longest }: Activity): Family[] {
  const counts = new Map(connectionStates.map((state) => [state, 0]));
  for (const { state, connections } of states) counts.set(state, connections);
  return [
    {
      ...{ name: 'pandect_database_connections', type: 'gauge', help: 'Connections to the database of the platform' },
      series: [...counts].map(([state, value]) => ({ labels: { state }, value })),
    },
    gauge('pandect_database_server_connections', 'Connections to all databases of its server', taken),
    gauge('pandect_database_connections_max', 'Connections that the server accepts', most),
    gauge('pandect_database_longest_statement_seconds', 'Age of the oldest statement under way', longest),
  ];
}

/** Partitions count with the table that they are of. */
const selectSizes = (sql: Sql) => sql<{ table: string; bytes: number }[]>`
  select coalesce(pg_partition_root(oid)::text, oid::regclass::text) as table, sum(pg_total_relation_size(oid))::float as bytes
  from pg_class
  where relkind in ('r', 'm') and relnamespace in (
    select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
  )
  group by 1 order by 1`;

/** Models that cost most in a month; the rest of a long list is not worth a series each. */
const MOST_MODELS = 50;

const selectCost = (sql: Sql) => sql<{ model: string; cost: number }[]>`
  select model, sum(cost)::float as cost from usage_totals
  where month = date_trunc('month', now() at time zone 'utc')::date and model is not null
  group by model order by cost desc limit ${MOST_MODELS}`;
