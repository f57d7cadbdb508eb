import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { POOL_CONNECTIONS } from '../../db/client.ts';
import { loginUrl } from '../../db/logins.ts';
import type { FunctionManifest, WorkerManifest } from '../kernel/manifest.ts';
import { type Boot, createBoot } from '../runtime/boot.ts';
import { processEnvironment } from '../supervisor/process/process-environment.ts';
import type { Unit } from '../supervisor/unit.ts';
import type { TestDatabase } from './database.ts';

/** Variables an operator would have set; an unset one has its default. */
export type TestEnvironment = Record<string, string | undefined>;

export interface TestProcess {
  boot: Boot;
  /** Lines of its log. */
  log: LogLine[];
  /** Where its files and vectors are. */
  folder: string;
  close(): Promise<void>;
}

export interface LogLine {
  level: string;
  message: string;
  [field: string]: unknown;
}

export type TestUnit =
  | { kind: 'function'; name: string; manifest: FunctionManifest }
  | { kind: 'worker'; name: string; manifest: WorkerManifest };

/**
 * What a process of a function or worker starts from: the environment that the supervisor would give it, on the test's
 * database. Processes that share a `folder` share files and vectors.
 */
export async function testProcess(
  unit: TestUnit,
  database: Pick<TestDatabase, 'name' | 'ownerUrl'>,
  { environment = {}, folder: shared }: { environment?: TestEnvironment; folder?: string | undefined } = {},
): Promise<TestProcess> {
  const folder = shared ?? (await mkdtemp(join(inject('services').folder, 'process-')));
  const log: LogLine[] = [];
  const given = testEnvironment(unit, database, { environment, folder });
  const boot = createBoot(unit.name, given, { write: (line: string) => void log.push(JSON.parse(line)) });
  return {
    boot,
    log,
    folder,
    async close() {
      await boot.close();
      if (shared === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The variables of such a process. */
export function testEnvironment(
  unit: TestUnit,
  database: Pick<TestDatabase, 'name' | 'ownerUrl'>,
  { environment, folder }: { environment: TestEnvironment; folder: string },
): Record<string, string> {
  const { redisUrl, passwords, keys, variables } = inject('services');
  const { REDIS_URL = redisUrl, ...source } = environment;
  // Of these its providers see what they name; the release of a bundle that was built has no others.
  const named = { folder: '', ...unit, manifest: { ...unit.manifest, env: variables.map(({ name }) => name) } } as Unit;
  return processEnvironment(named, {
    variables,
    source: { ENVIRONMENT: 'test', LOG_LEVEL: 'debug', CACHE_PREFIX: database.name, ...unlimited, ...source },
    databaseUrl: (login) => loginUrl(database.ownerUrl, login, passwords[login]),
    poolOf: () => POOL_CONNECTIONS,
    redisUrl: REDIS_URL,
    folders: {
      files: join(folder, 'files'),
      vectors: join(folder, 'vectors'),
      calls: join(folder, 'calls'),
      keys: dirname(keys.privatePath),
    },
    keys,
    consoleSocket: environment.CONSOLE_SOCKET ?? '',
  });
}

const unlimited = {
  RATE_LIMIT_EXTERNAL_TPM: '100000000',
  RATE_LIMIT_API_RPS: '100000',
  RATE_LIMIT_AUTH_RPS: '100000',
  RATE_LIMIT_EXTERNAL_RPM: '1000000',
  RATE_LIMIT_INTERNAL_RPM: '1000000',
  RATE_LIMIT_PERSON_RPM: '1000000',
};
