import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connect } from '../../db/connect.ts';
import { databaseName, type LoginName, loginNames } from '../../db/logins.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { ensureKeyPair } from '../../platform/capabilities/signing-keys/key-pair.ts';
import type { KnownVariable } from '../../platform/kernel/environment.ts';
import { createBoot } from '../../platform/runtime/boot.ts';
import { findBinaries } from '../../platform/services/binaries.ts';
import { startPostgres } from '../../platform/services/postgres.ts';
import type { Service } from '../../platform/services/processes.ts';
import { startRedis } from '../../platform/services/redis.ts';
import { ensureSecretKeys } from '../../platform/services/secret-keys.ts';
import { temporaryHome } from '../../platform/services/temporary-home.ts';
import { queuesOf, readUnits } from '../../platform/supervisor/unit.ts';
import { memoryFolder } from '../../platform/testing/memory-folder.ts';
import { scramVerifier } from '../../platform/testing/scram-verifier.ts';
import { composition } from '../composition.ts';
import { firstIndex } from '../legal/index/provide-indexes.ts';

/** What every test of this run shares. */
export interface TestServices {
  /** The owner's connection to the migrated database that tests clone. */
  templateUrl: string;
  /** Words at the end of `create database` that have it copy the template's files, where the server would log every page. */
  cloning: string;
  redisUrl: string;
  /** The logins of each clone get these. */
  passwords: Record<LoginName, string>;
  /** The server is given these instead, see `scramVerifier`. */
  verifiers: Record<LoginName, string>;
  keys: { privatePath: string; publicPath: string };
  /** All that the modules define. */
  variables: readonly KnownVariable[];
  /** For files of the tests; goes with the run. */
  folder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    services: TestServices;
  }
}

/** Nothing that a test writes has to survive a power cut, and no database lives until it needs upkeep. */
const careless = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' },
  // Every page of a new database is logged.
  ...{ wal_level: 'minimal', max_wal_senders: '0', wal_compression: 'off', max_wal_size: '128MB' },
};

const root = join(import.meta.dirname, '../..');

/** One PostgreSQL and one Redis for a run of the tests, in a home that goes with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { path, home, remove } = await temporaryHome();
  const databases = await temporaryHome({ within: await memoryFolder() });
  const running: Service[] = [];
  let heir: { dismiss(): void } | undefined;
  const end = async () => {
    await Promise.all(running.map((service) => service.stop()));
    await Promise.all([remove(), databases.remove()]);
    heir?.dismiss();
  };
  try {
    const binaries = await findBinaries(['postgres', 'redis']);
    const start = async (starting: Promise<Service>) => {
      const service = await starting;
      running.push(service);
      return service;
    };
    const keys = { privatePath: join(home.keys, 'jwt-private.pem'), publicPath: join(home.keys, 'jwt-public.pem') };
    const [postgres, redis] = await Promise.all([
      start(startPostgres({ home: databases.home, binaries, settings: careless })),
      start(startRedis({ home, binaries })),
      ensureKeyPair(keys.privatePath, keys.publicPath),
      ensureSecretKeys(home, composition.variables, {}),
    ]);
    heir = appointHeir(
      [postgres.pid, redis.pid],
      [{ path, home }, databases].flatMap((place) => [place.home.run, place.home.root, dirname(place.path)]),
    );
    await migrateDatabase(postgres.url, { queues: queuesOf(await readUnits(root)) });
    await makeFirstIndex(postgres.url);
    const cloning = await prepareServer(postgres.url);
    const ofEach = <T>(value: (login: LoginName) => T) =>
      Object.fromEntries(loginNames.map((login) => [login, value(login)])) as Record<LoginName, T>;
    const passwords = ofEach(() => crypto.randomUUID() as string);
    project.provide('services', {
      templateUrl: postgres.url,
      cloning,
      redisUrl: redis.url,
      passwords,
      verifiers: ofEach((login) => scramVerifier(passwords[login])),
      keys,
      variables: composition.variables.map(({ name, path }) => ({ name, ...(path && { path }) })),
      folder: home.files,
    });
    return async () => {
      const left = await databasesLeft(postgres.url).finally(end);
      if (left.length > 0) throw new Error(`End tests: ${left.length} test database(s) were not closed`);
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** As the processes of a new platform do. */
async function makeFirstIndex(url: string): Promise<void> {
  const boot = createBoot('test', { DATABASE_URL: url });
  await boot.use(firstIndex);
  await boot.ready();
  await boot.close();
}

/** Makes the owner's login cheap; its password stays the same. @returns see `TestServices.cloning` */
async function prepareServer(url: string): Promise<string> {
  const { username, password } = new URL(url);
  const sql = connect(url);
  try {
    const verifier = scramVerifier(decodeURIComponent(password));
    await sql.unsafe(`alter role "${decodeURIComponent(username)}" password '${verifier}'`);
    const [{ choice } = { choice: false }] = await sql<{ choice: boolean }[]>`
      select current_setting('server_version_num')::int >= 150000 as choice`;
    return choice ? 'strategy file_copy' : '';
  } finally {
    await sql.end();
  }
}

async function databasesLeft(url: string): Promise<string[]> {
  const sql = connect(url);
  try {
    const rows = await sql<{ datname: string }[]>`
      select datname from pg_database where not datistemplate and datname not in ('postgres', ${databaseName(url)})`;
    return rows.map(({ datname }) => datname);
  } finally {
    await sql.end();
  }
}

/** A run that is killed calls no teardown: a shell waits for the end of its input, which is our end, and tidies up. */
function appointHeir(pids: number[], folders: string[]): { dismiss(): void } {
  const will = 'read -r _; kill -QUIT $1 2>/dev/null; sleep 1; kill -KILL $1 2>/dev/null; shift; rm -rf "$@"';
  const shell = spawn('sh', ['-c', will, 'sh', pids.join(' '), ...folders], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  return { dismiss: () => void shell.kill('SIGKILL') };
}
