import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PgBoss } from 'pg-boss';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { openProxy } from '../../db/proxy.fixture.ts';
import { queueConnection } from '../../db/queue-connection.ts';
import type { InstanceReport } from '../kernel/instance-report.ts';
import { jobsPath } from '../kernel/paths/jobs-path.ts';
import { recoverJobs } from '../supervisor/queues/recover-jobs.ts';
import { bundledProgram } from '../testing/bundled-program.ts';
import { commandEnvironment } from '../testing/command-environment.ts';
import { testDatabase } from '../testing/database.ts';

const database = await testDatabase();
await database.owner`
  create table notes (n serial, job uuid, pid int, began timestamptz default clock_timestamp(), ended timestamptz)`;
await database.owner`grant all on notes, notes_n_seq to public`;
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
const folder = await mkdtemp(join(tmpdir(), 'pandect-worker-'));
const running = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...running].map((child) => end(child, 'SIGKILL')));
  await database.owner`delete from pgboss.job`;
  await database.owner`delete from notes`;
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await pool.end();
  await rm(folder, { recursive: true });
  await database.close();
});

const fixture = await bundledProgram(fileURLToPath(new URL('./worker.fixture.ts', import.meta.url)));

interface Worker {
  child: ChildProcess;
  socket: string;
  state(): Promise<InstanceReport>;
}

async function startWorker(manifest: object = {}, url = database.url('tenant-worker')): Promise<Worker> {
  const worker = spawnWorker(manifest, url);
  await until(() => worker.state().catch(() => undefined));
  return worker;
}

function spawnWorker(manifest: object, url: string): Worker {
  const socket = join(folder, `${crypto.randomUUID().slice(0, 8)}.sock`);
  const env = {
    ...commandEnvironment,
    DATABASE_URL: url,
    PANDECT_SOCKET: socket,
    LOG_LEVEL: 'error',
    MANIFEST: JSON.stringify(manifest),
  };
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  const child = spawn(process.execPath, [fixture], { env, stdio: [...stdio] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const state = () => ask<InstanceReport>(socket, '/_pandect/state');
  return { child, socket, state };
}

function ask<T>(socketPath: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, agent: false }, async (response) => {
      resolve(JSON.parse((await response.toArray()).join('')) as T);
    });
    sent.on('error', reject).end();
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return code;
}

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(20);
  }
}

const send = (data: object | null, organization = 'a') => boss.send('ingest', data, { group: { id: organization } });
const notes = () =>
  database.owner<{ job: string; pid: number; began: Date; ended: Date | null }[]>`select * from notes order by n`;
const states = async () =>
  (await database.owner`select state from pgboss.job order by created_on`).map(({ state }) => state);
const allDone = () => until(async () => (await states()).every((state) => state === 'completed'));
const begun = (count: number) => until(async () => (await notes()).length >= count);

describe('a worker', () => {
  it('finishes what it has when it is asked to stop, and takes no more', async () => {
    const { child, socket } = await startWorker();
    await send({ ms: 700 });
    await begun(1);
    expect(existsSync(jobsPath(socket))).toBe(true);
    await send({ ms: 1 });
    expect(await end(child, 'SIGTERM')).toBe(0);
    expect(await states()).toEqual(['completed', 'created']);
    expect(existsSync(jobsPath(socket))).toBe(false);
    expect(await recoverJobs(database.url('tenant-worker'), 'ingest', socket)).toBe(0);
  });

  it('steps behind other processes as far as its manifest says', async () => {
    const usual = getPriority();
    const [nice, plain] = await Promise.all([startWorker({ niceness: 5 }), startWorker()]);
    expect([getPriority(nice.child.pid), getPriority(plain.child.pid)]).toEqual([Math.max(usual, 5), usual]);
  });

  it('waits for a database that is unavailable when it starts', async () => {
    const proxy = await openProxy(database.url('tenant-worker'));
    await proxy.shut();
    const worker = spawnWorker({}, proxy.url);
    await send({ job: 1 });
    await sleep(2_000);
    expect(worker.child.exitCode).toBe(null);
    await expect(worker.state()).rejects.toThrow();
    await proxy.open();
    await allDone();
    expect(await worker.state()).toMatchObject({ begun: 1, failed: 0 });
    expect(await end(worker.child, 'SIGTERM')).toBe(0);
    await proxy.shut();
  });

  it('continues when its database was away for a while', async () => {
    const proxy = await openProxy(database.url('tenant-worker'));
    const worker = await startWorker({ concurrency: 3 }, proxy.url);
    for (let job = 0; job < 3; job++) await send({ ms: 500, job });
    await begun(3);
    await proxy.shut();
    await until(async () => (await worker.state()).inFlight === 0);
    await proxy.open();
    await send({ job: 4 });
    await allDone();
    expect(worker.child.exitCode).toBe(null);
    expect(await end(worker.child, 'SIGTERM')).toBe(0);
    await proxy.shut();
  });

  it('takes no more than its share, and leaves the rest to the process that comes in its place', async () => {
    for (let job = 0; job < 8; job++) await send({ job });
    const first = await startWorker({ jobsPerProcess: 4, concurrency: 2 });
    await until(async () => (await first.state()).begun >= 4 && (await first.state()).inFlight === 0);
    const second = await startWorker();
    await allDone();
    const { begun, failed } = await first.state();
    // At most one more was on its way to the other place.
    expect([4, 5]).toContain(begun);
    expect(failed).toBe(0);
    const pids = (await notes()).map(({ pid }) => pid);
    expect(pids.filter((pid) => pid === first.child.pid)).toHaveLength(begun);
    expect(pids.filter((pid) => pid === second.child.pid)).toHaveLength(8 - begun);
  });

  it('continues with another share after a while when no one replaces it', { timeout: 60_000 }, async () => {
    for (let job = 0; job < 2; job++) await send({ job });
    const { child, state } = await startWorker({ jobsPerProcess: 1 });
    await until(async () => (await state()).begun === 1 && (await states()).includes('completed'));
    expect(await states()).toEqual(['completed', 'created']);
    await allDone();
    expect((await notes()).map(({ pid }) => pid)).toEqual([child.pid, child.pid]);
    expect((await state()).begun).toBe(2);
  });

  it('that is killed loses its job to the next one at once, which does it once', async () => {
    const first = await startWorker();
    await send({ ms: 60_000 });
    await begun(1);
    await database.owner`update pgboss.job set data = '{}'`; // the next attempt does not have to take as long
    await end(first.child, 'SIGKILL');
    expect(await recoverJobs(database.url('tenant-worker'), 'ingest', first.socket)).toBe(1);
    expect(await states()).toEqual(['retry']);
    const second = await startWorker();
    await allDone();
    expect((await notes()).map(({ pid, ended }) => [pid, ended !== null])).toEqual([
      [first.child.pid, false],
      [second.child.pid, true],
    ]);
    const [job] = await database.owner`select retry_count from pgboss.job`;
    expect(job?.retry_count).toBe(1);
  });

  it('that is killed unseen loses its job to another one that is there', { timeout: 90_000 }, async () => {
    const first = await startWorker();
    await send({ ms: 60_000 });
    await begun(1);
    await database.owner`update pgboss.job set data = '{}'`;
    await startWorker();
    await end(first.child, 'SIGKILL');
    await begun(2);
    await allDone();
    expect(await notes()).toHaveLength(2);
  });

  it('that is killed at the last attempt leaves its job to the operator', { timeout: 90_000 }, async () => {
    const { child, socket } = await startWorker();
    await boss.send('ingest', { ms: 60_000 }, { retryLimit: 0 });
    await begun(1);
    await end(child, 'SIGKILL');
    await recoverJobs(database.url('tenant-worker'), 'ingest', socket);
    await startWorker();
    await until(async () => (await boss.findJobs('ingest-dead')).length === 1);
    expect(await states()).toContain('failed');
    expect(await notes()).toHaveLength(1);
  });

  it('tries a job no more that says it has failed for good, until an operator has it tried', async () => {
    await startWorker();
    await send({ isHopeless: true });
    await until(async () => (await boss.findJobs('ingest-dead')).length === 1);
    expect([await states(), (await notes()).length]).toEqual([expect.arrayContaining(['failed']), 1]);
  });

  it('shares with others, in other processes too, what one organization may have under way', async () => {
    await Promise.all([
      startWorker({ concurrency: 2, perOrganization: 2 }),
      startWorker({ concurrency: 2, perOrganization: 2 }),
    ]);
    for (let job = 0; job < 30; job++) await send({ ms: 100, job }, 'greedy');
    const late = await send({ ms: 1 }, 'modest');
    await allDone();
    const done = await notes();
    expect(done).toHaveLength(31);
    expect(done.findIndex(({ job }) => job === late)).toBeLessThan(10);
    // Two processes that look at the same moment may both see one place left.
    const greedy = done.filter(({ job }) => job !== late);
    const atOnce = greedy.map(
      ({ began }) => greedy.filter((other) => other.began <= began && began < (other.ended ?? began)).length,
    );
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(3);
  });

  it('covers with one run those of a schedule that waited in the meantime, and the dead jobs with the same payload', async () => {
    for (let run = 0; run < 5; run++) await send(null);
    await boss.send('ingest-dead', { letter: 1 });
    await boss.send('ingest-dead', { letter: 2 });
    await send({ letter: 1 });
    await startWorker();
    await until(async () => (await boss.findJobs('ingest')).every(({ state }) => state === 'completed'));
    expect(await notes()).toHaveLength(2);
    expect((await boss.findJobs('ingest-dead')).map(({ data }) => data)).toEqual([{ letter: 2 }]);
  });
});
