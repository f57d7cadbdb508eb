import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { readDatabaseUrl } from '../kernel/database-url.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import type { Binaries } from './binaries.ts';
import type { Home } from './home.ts';
import { initializeData, postgresSettings, readPidFile } from './postgres-data.ts';
import { programsFor } from './postgres-major.ts';
import { endProcess, isAlive, isRunning, launch, logTail, readIfExists, type Service, waitUntil } from './processes.ts';
import { secretFile } from './secret-file.ts';

export interface PostgresOptions {
  home: Home;
  binaries: Pick<Binaries, 'postgres'>;
  /** Told what takes time, one line a step. */
  progress?: (line: string) => void;
  /** Settings on top of the built-in ones, such as `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
  /** How long it may read back its log. */
  readySeconds?: number;
}

const USER = 'pandect';
const DATABASE = 'pandect';
/** Recovery after a crash reads back at most `max_wal_size`. */
const READY_SECONDS = 120;

/** How the owner of the database reaches a server. */
export const ownerUrl = (password: string, socketFolder: string): string =>
  `postgres://${USER}:${password}@localhost/${DATABASE}?host=${encodeURIComponent(socketFolder)}`;

/**
 * Starts this home's PostgreSQL, or takes over the one that already runs for it. It listens on a unix socket only;
 * the URL names its folder as libpq does, `postgres://user:password@localhost/database?host=/folder`, which psql,
 * pg_dump and node-postgres take as it is and postgres.js through `readDatabaseUrl` of kernel/database-url.ts.
 * The user is the owner of the database `pandect` and a superuser.
 * @throws with the last lines of its log when it does not become ready
 */
export async function startPostgres({
  home,
  binaries,
  progress = () => {},
  settings = {},
  readySeconds = READY_SECONDS,
}: PostgresOptions): Promise<Service> {
  const data = join(home.postgres, 'data');
  const log = join(home.logs, 'postgres.log');
  const sockets = join(home.sockets, 'postgres');
  const passwordFile = join(home.keys, 'postgres-password');
  const initialized = (await readIfExists(join(data, 'PG_VERSION'))) !== undefined;
  if (initialized && !(await readIfExists(passwordFile))) {
    throw new Error(`Start PostgreSQL: the password file "${passwordFile}" is missing: restore it from a backup`);
  }
  const password = await secretFile(passwordFile);
  if (!initialized) {
    progress('Creating the database files');
    await initializeData({ data, password, superuser: USER, folder: binaries.postgres, user: home.user });
  }

  const pid = (await runningServer(data, readySeconds)) ?? (await startServer());
  const { socketFolder } = (await readPidFile(data)) ?? { socketFolder: sockets };
  const url = ownerUrl(password, socketFolder);
  const service: Service = {
    url,
    pid,
    // Fast shutdown, then immediate shutdown: what was committed survives either.
    stop: () =>
      endProcess(pid, [
        { signal: 'SIGINT', seconds: 20 },
        { signal: 'SIGQUIT', seconds: 10 },
        { signal: 'SIGKILL', seconds: 5 },
      ]),
  };
  await createDatabase(url);
  return service;

  async function startServer(): Promise<number> {
    const programs = await programsFor(data, binaries.postgres);
    const file = join(data, 'postgresql.conf');
    await replaceFile(
      file,
      postgresSettings(sockets, {
        ...(home.ids && { unix_socket_permissions: '0770' }),
        ...settings,
      }),
      { owner: home.user },
    );
    progress('Starting PostgreSQL');
    for (let attempt = 1; ; attempt++) {
      const start = await sizeOf(log);
      const started = await launch({
        program: join(programs, 'postgres'),
        args: ['-D', data],
        cwd: data,
        log,
        user: home.user,
      });
      if (await becomesReady(data, started, readySeconds)) return started;
      const tail = await logTail(log, start);
      if (await isAlive(started)) {
        await endProcess(started, [
          { signal: 'SIGQUIT', seconds: 10 },
          { signal: 'SIGKILL', seconds: 5 },
        ]);
        throw new Error(`Start PostgreSQL: not ready after ${readySeconds} s; ${tail}`);
      }
      // After a killed postmaster its children need a moment to notice; the server refuses to start until they are gone.
      const waits = tail.includes('shared memory block') && attempt < 20;
      if (!waits) throw new Error(`Start PostgreSQL: ended before it was ready; ${tail}`);
      await waitUntil(async () => false, 0.5);
    }
  }
}

/**
 * The process id of a ready server on this data folder. Waits for one that is starting or stopping. A pid file whose
 * process is another program, as after a reboot, is removed: PostgreSQL itself only looks whether the id is in use.
 */
async function runningServer(data: string, readySeconds: number): Promise<number | undefined> {
  const file = await readPidFile(data);
  if (!file || !(await isAlive(file.pid))) return undefined;
  if (await isRunning(file.pid, `-D ${data}`)) {
    return (await becomesReady(data, file.pid, readySeconds)) ? file.pid : undefined;
  }
  await rm(join(data, 'postmaster.pid'), { force: true });
  await rm(join(file.socketFolder, '.s.PGSQL.5432.lock'), { force: true });
  return undefined;
}

/** Resolves false when the process ended or the time is over. */
async function becomesReady(data: string, pid: number, seconds: number): Promise<boolean> {
  let ready = false;
  await waitUntil(async () => {
    const file = await readPidFile(data);
    ready = file?.pid === pid && file.status === 'ready';
    return ready || !(await isAlive(pid));
  }, seconds);
  return ready && (await isAlive(pid));
}

const createDatabase = (url: string): Promise<void> =>
  asOwner(url, async (sql) => {
    const [existing] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (!existing) await sql`create database ${sql(DATABASE)}`;
  });

/** Has the server write to disk what it holds in memory, which its end would wait for otherwise. */
export const checkpoint = (url: string): Promise<void> => asOwner(url, async (sql) => void (await sql`checkpoint`));

async function asOwner(url: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const { url: address, host } = readDatabaseUrl(url);
  const sql = postgres(address, {
    ...(host && { host }),
    database: 'postgres',
    max: 1,
    connect_timeout: 10,
    onnotice: () => {},
  });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await readIfExists(path)) === undefined ? 0 : (await stat(path)).size;
}
