import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgBoss } from 'pg-boss';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../db/connect.ts';
import { queueConnection } from '../../../db/queue-connection.ts';
import { unresponsiveEnds } from '../../capabilities/queue/pgboss/return-jobs.ts';
import { createLog } from '../../kernel/log.ts';
import { jobsPath } from '../../kernel/paths/jobs-path.ts';
import { createJobsInHand } from '../../runtime/jobs-in-hand.ts';
import { testDatabase } from '../../testing/database.ts';
import { recoverJobs } from './recover-jobs.ts';

const database = await testDatabase();
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
const folder = await mkdtemp(join(tmpdir(), 'pandect-recover-'));
const socket = join(folder, 'a.sock');
const log = createLog({ level: 'silent', fields: {} });
afterAll(async () => {
  await boss.stop({ graceful: false });
  await pool.end();
  await rm(folder, { recursive: true });
  await database.close();
});
beforeEach(async () => {
  await database.owner`delete from pgboss.job`;
  await rm(jobsPath(socket), { force: true });
});

const recover = (unresponsive = false) => recoverJobs(database.ownerUrl, 'ingest', socket, unresponsive);
const stateOf = async (id: string) => (await boss.findJobs('ingest', { id }))[0]?.state;

/** A process that took a job and is gone. */
async function taken(options: object = {}): Promise<string> {
  await boss.send('ingest', {}, options);
  const [job] = await boss.fetch('ingest');
  if (!job) throw new Error('Take job: there is none');
  createJobsInHand(jobsPath(socket), log).take(0, job);
  return job.id;
}

describe('recoverJobs', () => {
  it('gives a job back that may begin at once, with the attempt counted, and keeps nothing', async () => {
    const id = await taken();
    expect(await recover()).toBe(1);
    expect((await boss.fetch('ingest')).map((job) => [job.id, job.retryCount])).toEqual([[id, 1]]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('counts the processes in a row that did not answer while they had a job', async () => {
    const ends: number[] = [];
    let id = await taken();
    for (const unresponsive of [true, true, false, true]) {
      await recover(unresponsive);
      const [job] = await boss.fetch('ingest', { includeMetadata: true });
      if (!job) throw new Error('Take job: there is none');
      expect(job.id).toBe(id);
      id = job.id;
      ends.push(unresponsiveEnds(job));
      createJobsInHand(jobsPath(socket), log).take(0, job);
    }
    expect(ends).toEqual([1, 2, 2, 3]);
  });

  it('leaves a job alone that another process has by now', async () => {
    const id = await taken();
    const file = jobsPath(socket);
    await recover();
    await boss.fetch('ingest');
    await writeFile(file, JSON.stringify([{ id, retryCount: 0 }]));
    expect(await recover()).toBe(0);
    expect(await stateOf(id)).toBe('active');
  });

  it('leaves a job alone that was done', async () => {
    const id = await taken();
    await boss.complete('ingest', id);
    expect(await recover()).toBe(0);
    expect(await stateOf(id)).toBe('completed');
  });

  it('has the library count a last attempt as failed for good', async () => {
    const id = await taken({ retryLimit: 0 });
    await recover();
    await database.owner`update pgboss.queue set monitor_claim_on = null, monitor_on = null`;
    await boss.supervise('ingest');
    expect(await stateOf(id)).toBe('failed');
    expect((await boss.findJobs('ingest-dead')).map(({ sourceId }) => sourceId)).toEqual([id]);
  });

  it('does nothing where a process left nothing', async () => {
    expect(await recoverJobs('postgres://nobody@localhost:1/nowhere', 'ingest', socket)).toBe(0);
  });

  it('keeps what is to be recovered while the database does not answer', async () => {
    const id = await taken();
    const silent = createServer().listen(join(folder, '.s.PGSQL.5432'));
    await expect(recoverJobs(`postgres://nobody@x/nowhere?host=${folder}`, 'ingest', socket)).rejects.toThrow(
      'within 5 s',
    );
    silent.close();
    expect(await recover()).toBe(1);
    expect(await stateOf(id)).toBe('retry');
  });

  it('follows no link that stands in the file’s place', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), jobsPath(socket));
    await expect(recover()).rejects.toThrow('ELOOP');
    await rm(join(folder, 'secret'));
  });
});
