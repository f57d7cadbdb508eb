import { createHash, randomBytes } from 'node:crypto';
import { replaceFile } from '../kernel/replace-file.ts';
import { readIfExists } from './processes.ts';

/**
 * Users of the embedded Redis. `operator` may do everything and is the supervisor's; the others belong to processes, by the
 * `redis` of their manifest, and reach the keys that their purpose needs.
 */
export const redisLoginNames = ['operator', 'members', 'answers', 'upkeep'] as const;
export type RedisLogin = (typeof redisLoginNames)[number];
export type RedisPasswords = Record<RedisLogin, string>;

/** The passwords of all Redis users: made where they are missing, in one file that the supervisor alone reads. */
export async function redisPasswords(path: string): Promise<RedisPasswords> {
  const known: Partial<RedisPasswords> = JSON.parse((await readIfExists(path)) ?? '{}');
  const missing = redisLoginNames.filter((login) => !known[login]);
  if (missing.length === 0) return known as RedisPasswords;
  const made = Object.fromEntries(missing.map((login) => [login, randomBytes(24).toString('base64url')]));
  const passwords = { ...known, ...made } as RedisPasswords;
  await replaceFile(path, JSON.stringify(passwords));
  return passwords;
}

/** The URL of the same server for another user. */
export function redisLoginUrl(url: string, login: RedisLogin, password: string): string {
  const changed = new URL(url);
  changed.username = login;
  changed.password = password;
  return changed.href;
}

const connecting = ['ping', 'info'];
const rates = ['eval', 'evalsha', 'get', 'hmget', 'hset', 'pexpire'];
const activity = ['multi', 'exec', 'pfadd', 'pfcount', 'expire'];

/** What each user may do, and to which keys below the prefix; the scripts of rates and locks run with the same rights. */
const rights = {
  members: { keys: ['rate', 'active'], commands: [...connecting, ...rates, ...activity] },
  answers: {
    keys: ['rate', 'active', 'cache', 'flight'],
    commands: [...connecting, ...rates, ...activity, 'set', 'del'],
  },
  // It erases an organization's answers by the beginning of their keys.
  upkeep: { keys: ['cache'], commands: [...connecting, 'scan', 'unlink'] },
} as const;

/** The lines of redis.conf that make the users. @param prefix of every key, `CACHE_PREFIX` */
export function redisUsers(passwords: RedisPasswords, prefix: string): string[] {
  const hash = (login: RedisLogin) => `#${createHash('sha256').update(passwords[login]).digest('hex')}`;
  const literal = prefix.replaceAll(/[\\*?[\]]/g, '\\$&');
  const processes = Object.entries(rights).map(([login, { keys, commands }]) => {
    // The limiter of rates names an empty key where a limit is not changeable.
    const patterns = ['~', ...keys.map((key) => JSON.stringify(`~${literal}:${key}:*`))].join(' ');
    const allowed = commands.map((command) => `+${command}`).join(' ');
    return `user ${login} on ${hash(login as RedisLogin)} resetchannels ${patterns} -@all ${allowed}`;
  });
  return ['user default off', `user operator on ${hash('operator')} ~* &* +@all`, ...processes];
}
