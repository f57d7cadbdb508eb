import { join, resolve } from 'node:path';
import type { LoginName } from '../../../db/logins.ts';
import type { HomeFolder, KnownVariable } from '../../kernel/environment.ts';
import { runtimeVariables } from '../../runtime/boot.ts';
import { type RedisPasswords, redisLoginUrl } from '../../services/redis-logins.ts';
import type { Unit } from '../unit.ts';

/** The function whose processes alone may open the console's socket. */
export const CONSOLE_UNIT = 'console';

/** What the platform knows and processes may be given; keys are variable names. */
export interface PlatformSettings {
  /** All that there are: a process is given no others, whatever its manifest names. */
  variables: readonly KnownVariable[];
  /** The operator's environment. */
  source: Record<string, string | undefined>;
  /** The connection string of a login. */
  databaseUrl(login: LoginName): string;
  /** Connections to the database of each process. */
  poolOf(unit: Unit): number;
  redisUrl: string;
  /** Users of the embedded Redis; missing for a given one. */
  redisPasswords?: RedisPasswords | undefined;
  /** How often those passwords were rotated; none is never. */
  redisRotation?: number;
  /** Absolute paths in the platform's home. */
  folders: Readonly<Record<HomeFolder | 'keys', string>>;
  keys: { privatePath: string; publicPath: string };
  /** Where the console's unit reaches the supervisor. */
  consoleSocket: string;
}

/**
 * The environment of a unit's processes: what its manifest names and the few variables that every process has, and
 * of the database only the login of its role.
 */
export function processEnvironment(unit: Unit, settings: PlatformSettings): Record<string, string> {
  const { manifest } = unit;
  const known: Record<string, string | undefined> = {
    ...Object.fromEntries(settings.variables.map((variable) => [variable.name, readValue(variable, settings)])),
    REDIS_URL: redisUrl(unit, settings),
    CONSOLE_SOCKET: unit.name === CONSOLE_UNIT ? settings.consoleSocket : undefined,
    JWT_PRIVATE_KEY_PATH: settings.keys.privatePath,
    JWT_PUBLIC_KEY_PATH: settings.keys.publicPath,
    DATABASE_URL: undefined,
  };
  const login = loginOf(unit);
  if (login !== undefined) {
    known.DATABASE_URL = settings.databaseUrl(login);
    known.DATABASE_POOL = String(settings.poolOf(unit));
  }
  const named = [...new Set([...runtimeVariables.map(({ name }) => name), ...manifest.env])];
  return Object.fromEntries(named.flatMap((name): [string, string][] => (known[name] ? [[name, known[name]]] : [])));
}

/** Processes run in their release's folder, so a relative path would mean another place for each of them. */
function readValue({ name, path }: KnownVariable, { source, folders }: PlatformSettings): string | undefined {
  const given = source[name] || (typeof path === 'object' ? usualPath(path, folders) : undefined);
  return path && given ? resolve(given) : given;
}

const usualPath = (path: Extract<KnownVariable['path'], object>, folders: PlatformSettings['folders']): string =>
  'folder' in path ? folders[path.folder] : join(folders.keys, path.secretKey);

const redisUrl = (
  { manifest: { redis } }: Unit,
  { redisUrl: url, redisPasswords, redisRotation }: PlatformSettings,
): string => (redisPasswords ? redisLoginUrl(url, redis, redisPasswords[redis], redisRotation) : url);

/** What the processes of a unit log into the database as; undefined without a database. */
export function loginOf({ kind, manifest: { database } }: Unit): LoginName | undefined {
  if (database === 'none') return undefined;
  if (kind === 'function') return database;
  return database === 'platform' ? 'platform-worker' : 'tenant-worker';
}
