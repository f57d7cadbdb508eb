import type { TransactionSql } from 'postgres';
import { connect } from '../../../../db/connect.ts';
import { queueConnection, queueStatements } from '../../../../db/queue-connection.ts';
import type { JobState } from '../../../kernel/job-state.ts';
import { Refused } from '../../../kernel/refused.ts';
import { countJobs, type JobFilter, type JobRow, type StoredJob, selectJobIds, selectJobs, toRow } from './job-row.ts';
import { startBoss } from './start-boss.ts';

/** What became of a dead job: a new one that waits, or one with the same payload that was there already. */
export interface Retried {
  id: string;
  job: string;
  isNew: boolean;
}

/** What an operator may do with jobs of all organizations. Every method rejects with what is wrong, and then nothing changed. */
export interface JobDesk {
  list(filter: Omit<JobFilter, 'ids'>): Promise<JobRow[]>;
  /** A page of the list, of how many, and as of when by the clock of the database. */
  page(filter: Omit<JobFilter, 'ids' | 'asOf'>): Promise<{ jobs: JobRow[]; total: number; asOf: Date }>;
  /** All that are in a state since a time or for longer, those first that have been for longest. */
  ids(filter: Pick<JobFilter, 'queue' | 'state' | 'asOf'>): Promise<string[]>;
  show(id: string): Promise<JobRow>;
  /** Has dead jobs done after all, with all their attempts before them. */
  retry(which: { ids: readonly string[]; ifStillDead?: boolean | undefined } | { queue: string }): Promise<Retried[]>;
  /** Forgets jobs that wait or are dead. @param states if given, jobs in others are left alone instead of being a mistake */
  discard(ids: readonly string[], states?: readonly JobState[]): Promise<JobRow[]>;
  close(): Promise<void>;
}

const SECONDS = 30;
const DISCARDED: readonly JobState[] = ['waiting', 'retrying', 'dead'];

/** @param url connection of a role that may change all jobs */
export async function createJobDesk(url: string): Promise<JobDesk> {
  // One for a transaction, one for what the library asks next to it.
  const pool = connect(url, { max: 2, applicationName: 'pandect jobs' });
  const { boss, close } = await startBoss(queueConnection(pool), () => pool.end({ timeout: 5 }));

  const transaction = <T>(work: (tx: TransactionSql) => Promise<T>) =>
    pool.begin(async (tx) => {
      await tx`select set_config('statement_timeout', ${`${SECONDS}s`}, true)`;
      return work(tx);
    }) as Promise<T>;

  const retryOne = async (tx: TransactionSql, job: StoredJob): Promise<Retried> => {
    const db = queueStatements(tx);
    // Done twice side by side, the work of one would get into the other's way.
    const [dead] = await tx<{ root: string; equal: string | null }[]>`
      select source_root_id as root, (
        select id from pgboss.job where name = ${job.queue} and state <= 'active' and data is not distinct from dead.data limit 1
      ) as equal
      from pgboss.job as dead where name = ${job.rowQueue} and id = ${job.rowId}`;
    if (dead?.equal) {
      await remove(tx, job);
      return { id: job.id, job: dead.equal, isNew: false };
    }
    if (job.rowQueue === job.queue) {
      await boss.retry(job.queue, job.rowId, { db });
      return { id: job.id, job: job.id, isNew: true };
    }
    await boss.redrive(job.rowQueue, { ids: [job.rowId], db });
    await remove(tx, job);
    const [made] = await tx<{ id: string }[]>`
      select id from pgboss.job where name = ${job.queue} and source_root_id = ${dead?.root ?? null} and state = 'created'`;
    if (!made) throw new Error(`Retry job "${job.id}": the queue did not take it`);
    return { id: job.id, job: made.id, isNew: true };
  };

  return {
    list: ({ queue, state, limit }) =>
      transaction(async (tx) => {
        await assertQueue(tx, queue);
        return (await selectJobs(tx, { queue, state, limit })).map(toRow);
      }),
    page: ({ behind, limit, ...filter }) =>
      transaction(async (tx) => {
        await assertQueue(tx, filter.queue);
        const [clock] = await tx<{ now: Date }[]>`select clock_timestamp() as now`;
        const [counted] = await countJobs(tx, filter);
        const jobs = await selectJobs(tx, { ...filter, behind, limit });
        return { jobs: jobs.map(toRow), total: counted?.total ?? 0, asOf: clock?.now ?? new Date() };
      }),
    ids: (filter) =>
      transaction(async (tx) => {
        await assertQueue(tx, filter.queue);
        return (await selectJobIds(tx, filter)).map(({ id }) => id);
      }),
    show: (id) =>
      transaction(async (tx) => {
        assertIds('Show job', [id]);
        const [job] = await selectJobs(tx, { ids: [id] });
        if (!job) throw new Refused('missing', `Show job "${id}": there is no such job`);
        return toRow(job);
      }),
    retry: (which) =>
      transaction(async (tx) => {
        if ('queue' in which) await assertQueue(tx, which.queue);
        const jobs =
          'queue' in which
            ? await selectJobs(tx, { queue: which.queue, state: 'dead' })
            : await hold(tx, 'Retry job', which.ids, { states: ['dead'], isLenient: which.ifStillDead === true });
        const retried: Retried[] = [];
        for (const job of jobs.toReversed()) retried.push(await retryOne(tx, job));
        return retried;
      }),
    discard: (ids, given) =>
      transaction(async (tx) => {
        const states = given?.filter((state) => DISCARDED.includes(state)) ?? DISCARDED;
        const jobs = await hold(tx, 'Discard job', ids, { states, isLenient: given !== undefined });
        for (const job of jobs) await remove(tx, job);
        return jobs.map(toRow);
      }),
    close,
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function assertIds(action: string, ids: readonly string[]): void {
  const wrong = ids.filter((id) => !UUID.test(id));
  if (wrong.length > 0) throw new Refused('malformed', wrong.map((id) => `${action} "${id}": not an id`).join('\n'));
}

/** Both rows of a dead job, or the one of another. */
const remove = (tx: TransactionSql, job: StoredJob) =>
  tx`delete from pgboss.job where state <> 'active' and ((name = ${job.rowQueue} and id = ${job.rowId}) or (name = ${job.queue} and id = ${job.id}))`;

async function assertQueue(tx: TransactionSql, queue: string | undefined): Promise<void> {
  const rows = await tx<{ name: string }[]>`select name from pgboss.queue where dead_letter is not null order by name`;
  const names = rows.map(({ name }) => name);
  if (queue !== undefined && !names.includes(queue)) {
    throw new Refused('missing', `Find queue "${queue}": known are ${names.join(', ')}`);
  }
}

/** The jobs, held so that no worker begins one in the meantime. */
async function hold(
  tx: TransactionSql,
  action: string,
  ids: readonly string[],
  { states, isLenient = false }: { states: readonly string[]; isLenient?: boolean },
): Promise<StoredJob[]> {
  assertIds(action, ids);
  await tx`
    select 1 from pgboss.job where state <> 'active' and (id = any(${[...ids]}::uuid[]) or source_id = any(${[...ids]}::uuid[]))
    for update`;
  const found = await selectJobs(tx, { ids });
  if (isLenient) return found.filter(({ state }) => states.includes(state));
  const mistakes = ids.flatMap((id) => {
    const job = found.find((candidate) => candidate.id === id.toLowerCase());
    if (!job) return [`${action} "${id}": there is no such job`];
    return states.includes(job.state) ? [] : [`${action} "${id}": it is ${job.state}, not ${states.join(' or ')}`];
  });
  if (mistakes.length > 0) throw new Refused('conflict', mistakes.join('\n'));
  return found;
}
