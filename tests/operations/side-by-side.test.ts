import { once } from 'node:events';
import { chmod, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../../platform/services/binaries.ts';
import { startPostgres } from '../../platform/services/postgres.ts';
import { startRedis } from '../../platform/services/redis.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { rowsOf } from '../support/control.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import {
  interruptedUp,
  type PlatformAccess,
  pandectJson,
  refusedUp,
  startTestPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { processesIn } from '../support/processes.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const first = await sharedPlatform();

let copy: CheckoutCopy;
let home: TemporaryHome;
let second: TestPlatform;
let account: Account;
let documentId: string;

beforeAll(async () => {
  copy = await copyCheckout({
    units: ['ask', 'auth', 'documents', 'health', 'ingest', 'maintenance', 'notify', 'search'],
  });
  home = await temporaryHome();
  second = await startTestPlatform({ root: copy.root, home });
  account = await createAccount(second);
  documentId = await account.add('terms.txt', 'Article 1. The deposit is 500 euros.');
});

afterAll(async () => {
  try {
    await second?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

const namesIn = async (platform: PlatformAccess) =>
  (await pandectJson<ProcessRow[]>(platform, 'ps')).value.map(({ name }) => name);

describe('two platforms on one machine', () => {
  it('build once what they are given of the same files', async () => {
    const built = async (platform: PlatformAccess) => {
      const release = (await rowsOf(platform, 'auth'))[0]?.release ?? 'none';
      const { mtimeMs } = await stat(join(platform.home, 'releases', 'auth', release, 'main.js'));
      return { release, builtAt: mtimeMs };
    };
    expect(await built(second)).toEqual(await built(first));
  });

  it('know nothing of each other', async () => {
    expect(second.url).not.toBe(first.url);
    const there = { headers: { authorization: `Bearer ${account.session.accessToken}` } };
    expect((await send(first.url, `GET /api/documents/${documentId}`, there)).status, 'its token is none there').toBe(
      401,
    );
    const { email, password } = account;
    expect((await send(first.url, 'POST /api/auth/login', { json: { email, password } })).status).toBe(401);
    const other = await createAccount(first, { email });
    expect(await other.get('GET /api/documents')).toEqual({ items: [], nextCursor: null });
    expect((await other.send(`GET /api/documents/${documentId}`)).status).toBe(404);
    const pids = await Promise.all(
      [first, second].map(async (platform) =>
        (await pandectJson<ProcessRow[]>(platform, 'ps')).value.map(({ pid }) => pid),
      ),
    );
    expect(pids[0]?.filter((pid) => pids[1]?.includes(pid))).toEqual([]);
  });

  it('refuse a second start of a home that runs, and leave it alone', async () => {
    const before = await pandectJson<ProcessRow[]>(second, 'ps');
    const { status, stderr } = await refusedUp(home, { PANDECT_PORT: String(await freePort()) });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('one is running there') });
    const after = await pandectJson<ProcessRow[]>(second, 'ps');
    expect(after.value.map(({ pid }) => pid)).toEqual(before.value.map(({ pid }) => pid));
    expect((await account.send('GET /api/documents')).status).toBe(200);
  });
});

describe('a start that cannot succeed', () => {
  let empty: TemporaryHome;
  let taken: Server;
  beforeAll(async () => {
    empty = await temporaryHome();
    taken = createServer().listen(0);
    await once(taken, 'listening');
  });
  afterAll(async () => {
    await new Promise((resolve) => taken.close(resolve));
    await empty.remove();
  });

  it.each([
    [
      'port that is in use',
      () => ({ PANDECT_PORT: String((taken.address() as { port: number }).port) }),
      'the port is in use',
    ],
    ['wrong settings', () => ({ PANDECT_PORT: 'eighty', REDIS_URL: 'http://secret@host' }), 'PANDECT_PORT: "eighty"'],
    [
      'database that does not answer',
      () => ({ DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none', PANDECT_PORT: '65001' }),
      'connect ECONNREFUSED',
    ],
  ])('names the %s, ends with status 1 and leaves nothing running', async (_, env, message) => {
    const { status, stdout, stderr } = await refusedUp(empty, env());
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(message) });
    expect(stdout + stderr).not.toContain('secret');
    expect(stderr).not.toContain('    at ');
    expect(await processesIn(empty.home)).toEqual([]);
  });
});

describe('a start that is interrupted', () => {
  it.each(['Starting PostgreSQL', 'Migrating the database', 'Starting Caddy'])(
    'at "%s" ends and leaves nothing running',
    async (line) => {
      const small = await copyCheckout({ units: ['health'] });
      const place = await temporaryHome();
      try {
        await interruptedUp(place, line, small.root);
        expect((await processesIn(place.home)).map(({ command }) => command)).toEqual([]);
      } finally {
        await place.remove();
        await small.remove();
      }
    },
  );
});

describe('a home that is started again', () => {
  it('has kept everything', async () => {
    const port = Number(new URL(second.url).port);
    await second.stop();
    second = await startTestPlatform({ root: copy.root, home, port });
    // Nothing is created or migrated twice, and nothing is built that was built before.
    expect(second.output()).not.toContain('Creating the database files');
    await expectEverythingKept();
  });

  it('has kept everything after its supervisor was killed, and continues with the same processes', async () => {
    const port = Number(new URL(second.url).port);
    const pids = async () => (await pandectJson<ProcessRow[]>(second, 'ps')).value.map(({ name, pid }) => [name, pid]);
    const before = await pids();
    await second.killSupervisor();
    expect((await account.send('GET /api/documents')).status, 'it continues without its supervisor').toBe(200);

    second = await startTestPlatform({ root: copy.root, home, port });
    expect(await pids()).toEqual(before);
    await expectEverythingKept();
  });

  async function expectEverythingKept(): Promise<void> {
    const { email, password } = account;
    expect((await send(second.url, 'POST /api/auth/login', { json: { email, password } })).status).toBe(200);
    expect((await account.send(`GET /api/documents/${documentId}/content`)).status, 'its tokens are good').toBe(200);
    expect(await account.search('deposit')).toContainEqual(expect.objectContaining({ documentId }));
    const { value } = await pandectJson<{ release: string; current: boolean }[]>(second, 'releases', 'ask');
    expect(value).toHaveLength(1);
  }
});

describe('services that are given', () => {
  it('are used in place of own ones, and go on when the platform ends', async () => {
    const servers = await temporaryHome();
    const binaries = await findBinaries(['postgres', 'redis']);
    const [postgres, redis] = await Promise.all([
      startPostgres({ home: servers.home, binaries, settings: { fsync: 'off', unix_socket_permissions: '0777' } }),
      startRedis({ home: servers.home, binaries }),
    ]);
    // Servers of one's own are open to who has a password; those of a home are its units' alone.
    const { root, run, sockets } = servers.home;
    for (const folder of [root, run, join(sockets, 'postgres'), join(sockets, 'redis')]) await chmod(folder, 0o755);
    await chmod(join(sockets, 'redis', 'redis.sock'), 0o777);
    try {
      const platform = await startTestPlatform({
        root: copy.root,
        env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url },
      });
      try {
        const names = await namesIn(platform);
        expect(names).toContain('caddy');
        expect(names).not.toContain('postgres');
        expect(names).not.toContain('redis');
        const owner = await createAccount(platform);
        await owner.add('terms.txt', 'Article 1. The deposit for the flat is 500 euros.');
        expect((await owner.ask('What is the deposit for the flat?')).answered).toBe(true);
        expect((await send(platform.url, 'GET /api/health')).status).toBe(200);
      } finally {
        await platform.stop();
      }
      for (const { pid } of [postgres, redis]) process.kill(pid, 0); // throws when it is gone
    } finally {
      await Promise.all([postgres.stop(), redis.stop()]);
      await servers.remove();
    }
  });
});
