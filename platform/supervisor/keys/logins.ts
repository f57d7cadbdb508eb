import { join } from 'node:path';
import { connect } from '../../../db/connect.ts';
import { ensureLogins, type LoginName, loginNames, loginUrl } from '../../../db/logins.ts';
import { type Credentials, nextCredentials, readCredentials, writeCredentials } from '../../services/credentials.ts';
import type { Home } from '../../services/home.ts';
import { redisCredentialsPath, setRedisUsers } from '../../services/redis.ts';
import { type RedisLogin, redisLoginNames } from '../../services/redis-logins.ts';

/** The logins of a server, whose passwords rotate in two steps. Each step can be repeated after an interruption. */
export interface Logins<Name extends string = string> {
  /** What a process that starts now is given. */
  readonly now: Credentials<Name>;
  /** A rotation has begun, and the earlier logins are still valid. */
  readonly rotating: boolean;
  /** Makes new passwords, or takes those of an interrupted rotation. Earlier and new logins are valid when it resolves. */
  begin(): Promise<void>;
  /** Has the earlier logins refused and ends their connections. */
  end(): Promise<void>;
}

/** Those that units log into the database with, and the supervisor itself once everything is prepared. */
export interface DatabaseLogins extends Logins<LoginName> {
  /** The connection string of a login that is valid now. */
  urlOf(login: LoginName): string;
}

export async function databaseLogins({ keys }: Home, ownerUrl: string): Promise<DatabaseLogins> {
  const logins = await openLogins(join(keys, 'database-logins.json'), loginNames, async (credentials) => {
    const sql = connect(ownerUrl, { applicationName: 'pandect keys' });
    try {
      await ensureLogins(sql, credentials.passwords, credentials);
    } finally {
      await sql.end();
    }
  });
  return Object.assign(logins, {
    urlOf: (login: LoginName) => loginUrl(ownerUrl, login, logins.now.passwords[login], logins.now.rotation),
  });
}

/** Those of the embedded Redis, its operator's among them. @param prefix of every key, `CACHE_PREFIX` */
export const redisLogins = (home: Home, prefix: string): Promise<Logins<RedisLogin>> =>
  openLogins(redisCredentialsPath(home), redisLoginNames, (credentials) => setRedisUsers(home, credentials, prefix));

/** Without those of a Redis that the operator gave. */
export interface PlatformLogins {
  database: DatabaseLogins;
  redis: Logins<RedisLogin> | undefined;
}

async function openLogins<Name extends string>(
  path: string,
  names: readonly Name[],
  apply: (credentials: Credentials<Name>) => Promise<void>,
): Promise<Logins<Name>> {
  let kept = await readCredentials(path, names);
  let now = kept;
  return {
    get now() {
      return now;
    },
    get rotating() {
      return kept.previous !== undefined;
    },
    async begin() {
      if (!kept.previous) {
        const next = nextCredentials(kept);
        // First of all: a password that the server knows and the file does not could never be used.
        await writeCredentials(path, next);
        kept = next;
      }
      await apply(kept);
      now = kept;
    },
    async end() {
      const { previous: _, ...rest } = kept;
      // Last of all: until it is written, the next supervisor ends the rotation.
      await apply(rest);
      await writeCredentials(path, rest);
      kept = now = rest;
    },
  };
}
