import { resolve } from 'node:path';
import { type LoginName, loginUrl } from '../../../db/logins.ts';
import { type VariableName, variableNames } from '../../kernel/environment.ts';
import type { WorkerManifest } from '../../kernel/manifest.ts';
import { runtimeVariables } from '../../runtime/boot.ts';
import { type RedisPasswords, redisLoginUrl } from '../../services/redis-logins.ts';
import type { Unit } from '../unit.ts';

/** What the platform knows and processes may be given; keys are variable names. */
export interface PlatformSettings {
  /** The operator's environment. */
  source: Record<string, string | undefined>;
  databaseUrl: string;
  redisUrl: string;
  /** Users of the embedded Redis; missing for a given one. */
  redisPasswords?: RedisPasswords | undefined;
  passwords: Record<LoginName, string>;
  /** How often those passwords were rotated; none is never. */
  rotations?: { database: number; redis: number };
  /** Absolute paths in the platform's home. */
  folders: { files: string; vectors: string };
  keys: { privatePath: string; publicPath: string };
}

/** Files that the operator names by a path of any kind. */
const authorityFiles = ['SMTP_CA_PATH', 'OPENAI_CA_PATH', 'AI_EMBEDDING_CA_PATH'] as const;

/**
 * The environment of a unit's processes: what its manifest names and the few variables that every process has, and
 * of the database only the login of its role.
 */
export function processEnvironment(unit: Unit, settings: PlatformSettings): Record<string, string> {
  const { manifest } = unit;
  const known: Partial<Record<VariableName, string | undefined>> = {
    ...(Object.fromEntries(variableNames.map((name) => [name, settings.source[name]])) as typeof known),
    REDIS_URL: redisUrl(unit, settings),
    // Processes run in their release's folder, so a relative path would mean another place for each of them.
    UPLOAD_DIR: resolve(settings.source.UPLOAD_DIR || settings.folders.files),
    VECTOR_DIR: resolve(settings.source.VECTOR_DIR || settings.folders.vectors),
    ...Object.fromEntries(
      authorityFiles.flatMap((name) => (settings.source[name] ? [[name, resolve(settings.source[name])]] : [])),
    ),
    JWT_PRIVATE_KEY_PATH: settings.keys.privatePath,
    JWT_PUBLIC_KEY_PATH: settings.keys.publicPath,
    DATABASE_URL: undefined,
  };
  if (manifest.database !== 'none') {
    const login: LoginName = unit.kind === 'worker' ? workerLogin(manifest.database) : manifest.database;
    known.DATABASE_URL = loginUrl(settings.databaseUrl, login, settings.passwords[login], settings.rotations?.database);
  }
  const named = [...new Set<VariableName>([...runtimeVariables, ...manifest.env])];
  return Object.fromEntries(named.flatMap((name): [string, string][] => (known[name] ? [[name, known[name]]] : [])));
}

const redisUrl = (
  { manifest: { redis } }: Unit,
  { redisUrl: url, redisPasswords, rotations }: PlatformSettings,
): string => (redisPasswords ? redisLoginUrl(url, redis, redisPasswords[redis], rotations?.redis) : url);

const workerLogin = (role: WorkerManifest['database']): LoginName =>
  role === 'platform' ? 'platform-worker' : 'tenant-worker';
