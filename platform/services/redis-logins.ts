import { createHash } from 'node:crypto';
import type { Credentials } from './credentials.ts';

declare module '../kernel/manifest.ts' {
  interface RedisRoles {
    /** The same as the members, the answer cache and its locks. */
    answers: true;
    /** The same as the answers, and what the gateway's processes know together of upstreams and calls in progress. */
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
const answers = [...connecting, ...rates, ...activity, 'set', 'del'];
const sharedState = [
  'time',
  'pttl',
  'persist',
  'zadd',
  'zrem',
  'zcard',
  'zscore',
  'zremrangebyscore',
  'sadd',
  'srem',
  'smembers',
];

/** What each user may do, and to which keys below the prefix; the scripts of rates and locks run with the same rights. */
const rights = {
  members: { keys: ['rate', 'active'], commands: [...connecting, ...rates, ...activity] },
  answers: { keys: ['rate', 'active', 'cache', 'flight'], commands: answers },
  gateway: { keys: ['rate', 'active', 'cache', 'flight', 'gateway'], commands: [...answers, ...sharedState] },
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
