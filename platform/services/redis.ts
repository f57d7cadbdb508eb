import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { replaceFile } from '../kernel/replace-file.ts';
import type { Binaries } from './binaries.ts';
import type { Home } from './home.ts';
import { serverUser } from './process-user.ts';
import { endProcess, isAlive, isRunning, launch, logTail, readIfExists, type Service, waitUntil } from './processes.ts';
import { type RedisPasswords, redisLoginUrl, redisPasswords, redisUsers } from './redis-logins.ts';

export interface RedisOptions {
  home: Home;
  binaries: Pick<Binaries, 'redis'>;
  /** What the keys of processes begin with, `CACHE_PREFIX`. */
  prefix?: string;
  progress?: (line: string) => void;
}

const READY_SECONDS = 30;
/** It saves its data at the first signal. */
const STOP = [
  { signal: 'SIGTERM', seconds: 10 },
  { signal: 'SIGKILL', seconds: 5 },
] as const;

/** A running Redis; its URL is the operator's, who may do everything. */
export interface RedisService extends Service {
  passwords: RedisPasswords;
}

/**
 * Starts this home's Redis, or takes over the one that already runs for it with the same settings. It listens on a unix socket only; the URL
 * `redis://user:password@localhost?path=/socket` is the form that ioredis understands.
 * @throws with the last lines of its log when it does not become ready
 */
export async function startRedis({
  home,
  binaries,
  prefix = 'pandect',
  progress = () => {},
}: RedisOptions): Promise<RedisService> {
  const file = join(home.keys, 'redis.conf');
  const pidFile = join(home.redis, 'redis.pid');
  const socket = join(home.sockets, 'redis', 'redis.sock');
  const log = join(home.logs, 'redis.log');
  const user = serverUser(home, 'redis');
  const passwords = await redisPasswords(join(home.keys, 'redis-logins.json'));
  const url = redisLoginUrl(`redis://localhost?path=${encodeURIComponent(socket)}`, 'operator', passwords.operator);
  const settings = redisSettings({
    folder: home.redis,
    socket,
    users: redisUsers(passwords, prefix),
    pidFile,
    shared: user !== undefined,
  });

  const pid = (await runningServer()) ?? (await startServer());
  return {
    url,
    passwords,
    pid,
    stop: () => endProcess(pid, STOP),
  };

  async function runningServer(): Promise<number | undefined> {
    const running = Number(await readIfExists(pidFile));
    if (!(running > 0) || !(await isRunning(running, file))) return undefined;
    // With other users or another prefix it would refuse those who come now.
    if ((await readIfExists(file)) !== settings) await endProcess(running, STOP);
    else if (await becomesReady(running)) return running;
    // One that hangs would lose its socket to the next one and stay.
    else await endProcess(running, [{ signal: 'SIGKILL', seconds: 5 }]);
    return undefined;
  }

  async function startServer(): Promise<number> {
    await replaceFile(file, settings, { owner: user });
    progress('Starting Redis');
    const start = (await readIfExists(log)) === undefined ? 0 : (await stat(log)).size;
    const started = await launch({ program: binaries.redis, args: [file], cwd: home.redis, log, user });
    if (await becomesReady(started)) return started;
    const tail = await logTail(log, start);
    if (!(await isAlive(started))) throw new Error(`Start Redis: ended before it was ready; ${tail}`);
    await endProcess(started, [{ signal: 'SIGKILL', seconds: 5 }]);
    throw new Error(`Start Redis: not ready after ${READY_SECONDS} s; ${tail}`);
  }

  /** Resolves false when the process ended or the time is over. */
  async function becomesReady(started: number): Promise<boolean> {
    let ready = false;
    await waitUntil(async () => {
      ready = await answers(url);
      return ready || !(await isAlive(started));
    }, READY_SECONDS);
    return ready && (await isAlive(started));
  }
}

/** Whether it answers a PING; while it loads its data it answers with an error. */
async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => {
    // Reported by the rejected call below.
  });
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

interface RedisSettings {
  folder: string;
  socket: string;
  /** See `redisUsers`. */
  users: readonly string[];
  pidFile: string;
  /** Whether processes of other users in its folder's group connect. */
  shared: boolean;
}

/**
 * The whole redis.conf. It is a cache: snapshots make a restart warm, nothing waits for the disk, and when memory is
 * full the entries that expire and were not used for longest go first. Request counters are in constant use, so cached answers go before them.
 */
export function redisSettings({ folder, socket, users, pidFile, shared }: RedisSettings): string {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return `${[
    '# Written at each start; changes are lost',
    'port 0',
    `unixsocket ${quoted(socket)}`,
    `unixsocketperm ${shared ? 770 : 700}`,
    ...users,
    `dir ${quoted(folder)}`,
    `pidfile ${quoted(pidFile)}`,
    'daemonize no',
    // The command line then keeps naming this file, by which the process is recognized.
    'set-proc-title no',
    'appendonly no',
    'save 60 1',
    'stop-writes-on-bgsave-error no',
    'maxmemory 64mb',
    'maxmemory-policy volatile-lru',
    'maxmemory-samples 10',
    'loglevel notice',
  ].join('\n')}\n`;
}
