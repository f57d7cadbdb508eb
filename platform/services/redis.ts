import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { replaceFile } from '../kernel/replace-file.ts';
import type { Binaries } from './binaries.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import type { Home } from './home.ts';
import { serverUser } from './process-user.ts';
import { endProcess, isAlive, isRunning, launch, logTail, readIfExists, type Service, waitUntil } from './processes.ts';
import {
  type RedisLogin,
  type RedisPasswords,
  type RedisUser,
  redisLoginNames,
  redisLoginUrl,
  redisUsers,
} from './redis-logins.ts';
import { serviceSizes } from './service-sizes.ts';

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

/** Where the passwords of its users are kept. */
export const redisCredentialsPath = ({ keys }: Pick<Home, 'keys'>): string => join(keys, 'redis-logins.json');

/** The URL of the embedded Redis for its operator. */
export const redisOperatorUrl = ({ sockets }: Pick<Home, 'sockets'>, of: Credentials<RedisLogin>): string => {
  const socket = encodeURIComponent(join(sockets, 'redis', 'redis.sock'));
  return redisLoginUrl(`redis://localhost?path=${socket}`, 'operator', of.passwords.operator, of.rotation);
};

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
  const log = join(home.logs, 'redis.log');
  const user = serverUser(home, 'redis');
  const credentials = await readCredentials(redisCredentialsPath(home), redisLoginNames);
  const url = redisOperatorUrl(home, credentials);
  const settings = redisSettings(home, credentials, prefix);

  const pid = (await runningServer()) ?? (await startServer());
  return {
    url,
    passwords: credentials.passwords,
    pid,
    stop: () => endProcess(pid, STOP),
  };

  async function runningServer(): Promise<number | undefined> {
    const running = Number(await readIfExists(pidFile));
    if (!(running > 0) || !(await isRunning(running, file))) return undefined;
    // One that does not answer is ended below.
    if (await hasOtherTurn()) await setRedisUsers(home, credentials, prefix).catch(() => {});
    // With other users or another prefix it would refuse those who come now.
    if ((await readIfExists(file)) !== settings) await endProcess(running, STOP);
    else if (await becomesReady(running)) return running;
    // One that hangs would lose its socket to the next one and stay.
    else await endProcess(running, [{ signal: 'SIGKILL', seconds: 5 }]);
    return undefined;
  }

  /** A rotation of the passwords was cut off before the server knew of it. */
  async function hasOtherTurn(): Promise<boolean> {
    const { previous, ...current } = credentials;
    if (!previous) return false;
    const before = { rotation: current.rotation - 1, passwords: previous };
    const written = await readIfExists(file);
    return [before, current].some((turn) => redisSettings(home, turn, prefix) === written);
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

/**
 * Gives a running server the users of these credentials, and keeps them for its next start. Connections of users that stay are
 * not touched; those of users that go are ended.
 */
export async function setRedisUsers(home: Home, credentials: Credentials<RedisLogin>, prefix: string): Promise<void> {
  const { rotation, previous } = credentials;
  const before = previous && { rotation: rotation - 1, passwords: previous };
  const knows = (await answers(redisOperatorUrl(home, credentials))) || !before;
  const client = connectOnce(redisOperatorUrl(home, knows ? credentials : before));
  try {
    await client.connect();
    const users = redisUsers(credentials, prefix);
    for (const { name, rules } of users) await client.call('ACL', 'SETUSER', name, 'reset', ...rules);
    const known = (await client.call('ACL', 'USERS')) as string[];
    const gone = known.filter((name) => !users.some((user) => user.name === name));
    if (gone.length > 0) await client.call('ACL', 'DELUSER', ...gone);
  } finally {
    client.disconnect();
  }
  const owner = serverUser(home, 'redis');
  await replaceFile(join(home.keys, 'redis.conf'), redisSettings(home, credentials, prefix), { owner });
}

/** Whether it answers a PING; while it loads its data it answers with an error. */
async function answers(url: string): Promise<boolean> {
  const client = connectOnce(url);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

/** A client that does not try twice. */
export function connectOnce(url: string): Redis {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => {}); // reported by the call that is rejected
  return client;
}

/**
 * The whole redis.conf. It is a cache: snapshots make a restart warm, nothing waits for the disk, and when memory is
 * full the entries that expire and were not used for longest go first. Request counters are in constant use, so cached answers go before them.
 */
function redisSettings(home: Home, credentials: Credentials<RedisLogin>, prefix: string): string {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  // Processes of other users in its folder's group connect.
  const shared = serverUser(home, 'redis') !== undefined;
  return `${[
    '# Written at each start; changes are lost',
    'port 0',
    `unixsocket ${quoted(join(home.sockets, 'redis', 'redis.sock'))}`,
    `unixsocketperm ${shared ? 770 : 700}`,
    ...redisUsers(credentials, prefix).map(userLine),
    `dir ${quoted(home.redis)}`,
    `pidfile ${quoted(join(home.redis, 'redis.pid'))}`,
    'daemonize no',
    // The command line then keeps naming this file, by which the process is recognized.
    'set-proc-title no',
    'appendonly no',
    'save 60 1',
    'stop-writes-on-bgsave-error no',
    `maxmemory ${serviceSizes().redisMegabytes}mb`,
    'maxmemory-policy volatile-lru',
    'maxmemory-samples 10',
    'loglevel notice',
  ].join('\n')}\n`;
}

const userLine = ({ name, rules }: RedisUser): string =>
  `user ${name} ${rules.map((rule) => (rule.includes(':') ? JSON.stringify(rule) : rule)).join(' ')}`;
