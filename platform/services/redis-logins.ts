import { createHash } from 'node:crypto';
import type { Credentials } from './credentials.ts';

declare module '../kernel/manifest.ts' {
  interface RedisRoles {
    /** The same as the gateway, and events of answers in progress. */
    answers: true;
    /** The same as the members, cached answers and their locks, and what processes know together of the models they ask. */
    gateway: true;
    /** Erases cached answers. */
    upkeep: true;
  }
}

/**
 * Users of the embedded Redis. `operator` may do everything and is the supervisor's; the others belong to processes, by the
 * `redis` of their manifest, and reach the keys that their purpose needs.
 */
export const redisLoginNames = ['operator', 'members', 'answers', 'gateway', 'upkeep'] as const;
export type RedisLogin = (typeof redisLoginNames)[number];
export type RedisPasswords = Record<RedisLogin, string>;

/** A user's name on the server: two for each login, which take turns while passwords rotate. */
const redisUser = (login: RedisLogin, rotation: number) => (rotation % 2 === 0 ? login : `${login}-b`);

/** The URL of the same server for another user. @param rotation how often the passwords were rotated */
export function redisLoginUrl(url: string, login: RedisLogin, password: string, rotation = 0): string {
  const changed = new URL(url);
  changed.username = redisUser(login, rotation);
  changed.password = password;
  return changed.href;
}

const connecting = ['ping', 'info'];
const rates = ['eval', 'evalsha', 'get', 'hmget', 'hset', 'pexpire'];
const activity = ['multi', 'exec', 'pfadd', 'pfcount', 'expire'];
const upstreams = [
  ...['time', 'pttl', 'persist', 'sadd', 'srem', 'smembers'],
  ...['zadd', 'zrem', 'zcard', 'zscore', 'zremrangebyscore'],
];

/** Of processes that ask models: together they know how those are. */
const asking = {
  keys: ['rate', 'active', 'cache', 'flight', 'gateway'],
  commands: [...connecting, ...rates, ...activity, ...upstreams, 'set', 'del'],
} as const;

/** What each user may do, and to which keys below the prefix; the scripts of rates and locks run with the same rights. */
const rights = {
  members: { keys: ['rate', 'active'], commands: [...connecting, ...rates, ...activity] },
  answers: {
    keys: [...asking.keys, 'events'],
    commands: [...asking.commands, 'llen', 'lrange', 'rpush'],
  },
  gateway: asking,
  // It erases an organization's answers by the beginning of their keys.
  upkeep: { keys: ['cache'], commands: [...connecting, 'scan', 'unlink'] },
} as const;

/** A user as `ACL SETUSER` takes it. */
export interface RedisUser {
  name: string;
  rules: string[];
}

/**
 * The users of those passwords, and of the previous ones while they are valid; none but them may connect.
 * @param prefix of every key, `CACHE_PREFIX`
 */
export function redisUsers({ passwords, rotation, previous }: Credentials<RedisLogin>, prefix: string): RedisUser[] {
  const literal = prefix.replaceAll(/[\\*?[\]]/g, '\\$&');
  const rulesOf = (login: RedisLogin, password: string): string[] => {
    const hash = `#${createHash('sha256').update(password).digest('hex')}`;
    if (login === 'operator') return ['on', hash, '~*', '&*', '+@all'];
    const { keys, commands } = rights[login];
    // The limiter of rates names an empty key where a limit is not changeable.
    const patterns = ['~', ...keys.map((key) => `~${literal}:${key}:*`)];
    return ['on', hash, 'resetchannels', ...patterns, '-@all', ...commands.map((command) => `+${command}`)];
  };
  // A login that was added since a rotation began had no password before it.
  const usersOf = (of: Partial<RedisPasswords>, turn: number) =>
    redisLoginNames.flatMap((login) => {
      const password = of[login];
      return password === undefined ? [] : [{ name: redisUser(login, turn), rules: rulesOf(login, password) }];
    });
  return [
    { name: 'default', rules: ['off'] },
    ...usersOf(passwords, rotation),
    ...(previous ? usersOf(previous, rotation + 1) : []),
  ];
}
