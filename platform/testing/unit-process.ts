import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { inject } from 'vitest';
import { waitUntil } from '../services/processes.ts';
import { recoverJobs } from '../supervisor/queues/recover-jobs.ts';
import { commandEnvironment } from './command-environment.ts';
import type { TestDatabase } from './database.ts';
import { type TestEnvironment, type TestUnit, testEnvironment } from './process.ts';
import { unitRelease } from './unit-release.ts';

const START_SECONDS = 60;

export interface UnitProcess {
  /** Where it listens. */
  socketPath: string;
  /** A request over its socket, with JSON as its body and a token. @returns the status; rejects when the process ends first */
  send(call: `${string} /${string}`, options: { token: string; json: unknown }): Promise<number>;
  /** What it wrote to its log so far. */
  said(): string;
  /** Ends it with SIGKILL, and gives back the jobs it had as the supervisor would. */
  kill(): Promise<void>;
}

/** A function or worker in a process of its own, from a release as a platform starts it; ready when this resolves. */
export async function startUnitProcess(
  unit: TestUnit,
  database: TestDatabase,
  { environment = {}, folder }: { environment?: TestEnvironment; folder?: string } = {},
): Promise<UnitProcess> {
  const own = await mkdtemp(join(inject('services').folder, 'unit-'));
  const socketPath = join(own, 'socket');
  const env = {
    ...testEnvironment(unit, database, { environment: { LOG_LEVEL: 'error', ...environment }, folder: folder ?? own }),
    ...commandEnvironment,
    PANDECT_SOCKET: socketPath,
  };
  const { entry } = await unitRelease(unit.name);
  const child = spawn(process.execPath, [entry], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'exit');
  const ask = (method: string, path: string, headers = {}, body = '') =>
    new Promise<number>((resolve, reject) => {
      const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      sent.once('error', reject).end(body);
    });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const isReady = async () => (await ask('GET', '/_pandect/ready').catch(() => 0)) === 200;
  const inTime = await waitUntil(async () => isOver() || (await isReady()), START_SECONDS);
  if (isOver()) throw new Error(`Start "${unit.name}": ended with ${child.exitCode ?? child.signalCode}; ${said}`);
  if (!inTime) child.kill('SIGKILL');
  if (!inTime) throw new Error(`Start "${unit.name}": not ready within ${START_SECONDS} s; ${said}`);
  return {
    socketPath,
    send(call, { token, json }) {
      const [method = '', path = ''] = call.split(' ', 2);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return ask(method, path, headers, JSON.stringify(json));
    },
    said: () => said,
    async kill() {
      child.kill('SIGKILL');
      await ended;
      if (unit.kind === 'worker') await recoverJobs(database.ownerUrl, unit.name, socketPath);
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** Resolves once a statement of the process named so waits for a lock that a test holds. */
export async function untilBlocked(database: TestDatabase, applicationName: string): Promise<void> {
  const isBlocked = async () => {
    const [row] = await database.owner`
      select 1 from pg_stat_activity
      where datname = ${database.name} and application_name = ${applicationName} and wait_event_type = 'Lock'`;
    return row !== undefined;
  };
  if (!(await waitUntil(isBlocked, START_SECONDS)))
    throw new Error(`Wait for "${applicationName}": it waits for no lock`);
}

/** Keeps all others from writing into a table, so that a process can be killed in front of it. */
export async function holdTable(database: TestDatabase, table: string): Promise<{ release(): Promise<void> }> {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.owner.begin(async (sql) => {
    await sql`lock table ${sql(table)} in share row exclusive mode`;
    locked.resolve();
    await released.promise;
  });
  await Promise.race([locked.promise, holding]);
  return {
    async release() {
      released.resolve();
      await holding;
    },
  };
}
