import { execFile } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { findBinaries } from '../../platform/services/binaries.ts';
import { prepareHome } from '../../platform/services/home.ts';
import { startPostgres } from '../../platform/services/postgres.ts';
import type { Service } from '../../platform/services/processes.ts';
import { removeHome, removeWithHomes } from '../../platform/services/remove-home.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { commandEnvironment } from '../../platform/testing/command-environment.ts';
import { withDatabase } from '../../platform/testing/database.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { memoryFolder } from '../../platform/testing/memory-folder.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { createAccount, send } from '../support/http/client.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

const hasRestic = await findBinaries(['restic']).then(
  () => true,
  () => false,
);
if (!hasRestic) process.stdout.write('SKIPPED: restore of a dump, since restic is not installed\n');

const CONTENT = 'Article 1. The deposit for the flat is 500 euros.';

/** A platform whose database is on a server of its operator, which loses both. */
describe.skipIf(!hasRestic)('a platform with its database elsewhere', () => {
  let folder: string;
  let copy: CheckoutCopy;
  let servers: TemporaryHome;
  let postgres: Service;
  let running: TestPlatform | undefined;
  beforeAll(async () => {
    const within = await memoryFolder();
    folder = await mkdtemp(join(within ?? tmpdir(), 'pandect-test-'));
    await chmod(folder, 0o755);
    copy = await copyCheckout({ units: ['auth', 'documents', 'search', 'ingest', 'maintenance', 'notify', 'reindex'] });
    servers = await temporaryHome({ within });
    const settings = { fsync: 'off', unix_socket_permissions: '0777', max_connections: '200' };
    postgres = await startPostgres({ home: servers.home, binaries: await findBinaries(['postgres']), settings });
    const { root, run, sockets } = servers.home;
    for (const open of [root, run, join(sockets, 'postgres')]) await chmod(open, 0o755);
  }, 120_000);
  afterAll(async () => {
    try {
      await running?.stop();
      await postgres?.stop();
    } finally {
      await servers?.remove();
      await copy?.remove();
      await removeWithHomes(folder);
    }
  });

  const command = (home: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(copy.root, 'pandect.ts'), ...args], {
      cwd: copy.root,
      env: {
        ...{ ...commandEnvironment, ENVIRONMENT: 'test', PANDECT_HOME: home, DATABASE_URL: postgres.url },
        ...{ BACKUP_TO: join(folder, 'backups'), BACKUP_PASSPHRASE: 'a passphrase of the tests' },
      },
    });
  const homeAt = async (path: string): Promise<TemporaryHome> => ({
    ...{ path, home: await prepareHome(path), remove: async () => {} },
  });
  const recreateDatabase = async () => {
    const sql = connect(withDatabase(postgres.url, 'postgres'));
    await sql`drop database pandect with (force)`;
    await sql`create database pandect`;
    await sql.end();
  };

  it('loses both, restores its dump, and serves the documents again to who signs in', async () => {
    const port = await freePort();
    const env = { DATABASE_URL: postgres.url };
    const start = async (home: TemporaryHome): Promise<TestPlatform> => {
      running = await startTestPlatform({ root: copy.root, home, port, env });
      return running;
    };
    const stop = async () => {
      await running?.stop();
      running = undefined;
    };
    const account = await createAccount(await start(await homeAt(join(folder, 'lost'))));
    const id = await account.add('lease.txt', CONTENT);
    await command(join(folder, 'lost'), 'backup', 'create');
    await stop();
    await removeHome(join(folder, 'lost'));
    await recreateDatabase();

    const into = join(folder, 'restored');
    const { stdout } = await command(into, 'restore');
    expect(stdout).toContain('Jobs are held of: notify');
    // A host of the backup was heard of seconds ago, and keeps no one from starting.
    const { url } = await start(await homeAt(into));
    expect((await account.send('GET /api/documents')).status).toBe(401);
    const { email, password } = account;
    const signedIn = await send(url, 'POST /api/auth/login', { json: { email, password } });
    Object.assign(account.session, await signedIn.json());
    expect(await (await account.send(`GET /api/documents/${id}/content`)).text()).toBe(CONTENT);
    await until('the document to be found', async () => (await account.search('deposit'))[0]?.documentId, 200);
    // New rows take their turn after the restored ones.
    await account.add('rent.txt', 'Article 2. The rent is 900 euros.');
    expect(JSON.parse((await command(into, 'reconcile', '--json')).stdout)).toMatchObject({
      ...{ restored: { held: ['notify'] }, files: { missing: 0, orphans: 0 } },
    });
    expect((await command(into, 'reconcile', '--release')).stdout).toContain('Released: notify');
    await stop();
  }, 600_000);
});
