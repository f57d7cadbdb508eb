import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, type Session, send } from '../support/http/client.ts';
import { startLoad } from '../support/http/load.ts';
import { pandect, pandectJson, startPandect, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
let port: number;
let account: Account;
let key: string;

beforeAll(async () => {
  copy = await copyCheckout({
    units: ['auth', 'organization', 'documents', 'ask', 'usage', 'ingest', 'maintenance', 'notify'],
  });
  home = await temporaryHome();
  port = await freePort();
  platform = await start();
  account = await createAccount(platform);
  const { email, password } = account;
  // Keys are for confirmed addresses; the sessions of before end with it.
  expect(await pandect(platform, 'admin', 'confirm', email, '--yes')).toMatchObject({ status: 0 });
  const signedIn = await send(platform.url, 'POST /api/auth/login', { json: { email, password } });
  Object.assign(account.session, await signedIn.json());
  await account.add('lease.txt', 'Lease\n\n1. Rent\n\n1.1. The monthly rent is 1,200 euros.\n');
  const json = { name: 'reader', scopes: ['documents:read'] };
  key = (await account.get<{ key: string }>('POST /api/keys', { json })).key;
});

afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

const start = () => startTestPlatform({ root: copy.root, home, port, flags: ['--keep'] });

/** People at work in every function that touches PostgreSQL or Redis, a program with a key, and a session that is renewed. */
function startWork() {
  const { accessToken } = account.session;
  let { session } = account;
  const ok = async (response: Promise<Response>) => {
    const { status, url } = await response;
    const text = await (await response).text();
    if (status >= 400) throw new Error(`${new URL(url).pathname} answered ${status} ${text}`);
    return text;
  };
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const visitors = (['organization', 'usage', 'documents'] as const).map((path) => ({
    name: path,
    visit: async () => void (await ok(send(platform.url, `GET /api/${path}`, bearer(accessToken)))),
  }));
  const question = () => ({ question: `What is the monthly rent? ${crypto.randomUUID()}` });
  return startLoad([
    ...visitors,
    { name: 'key', visit: async () => void (await ok(send(platform.url, 'GET /api/documents', bearer(key)))) },
    {
      name: 'ask',
      visit: async () =>
        void (await ok(send(platform.url, 'POST /api/ask', { ...bearer(accessToken), json: question() }))),
    },
    {
      name: 'refresh',
      async visit() {
        const { refreshToken } = session;
        session = JSON.parse(
          await ok(send(platform.url, 'POST /api/auth/refresh', { json: { refreshToken } })),
        ) as Session;
        await ok(send(platform.url, 'GET /api/organization', bearer(session.accessToken)));
        account.session.refreshToken = session.refreshToken;
      },
    },
  ]);
}

/** What each unit's process logs in with. */
async function loginsInUse(): Promise<{ database: string[]; redis: string[] }> {
  const { value } = await pandectJson<ProcessRow[]>(platform, 'ps');
  const ready = value.filter(({ kind, state }) => kind !== 'service' && state === 'ready');
  const environments = await Promise.all(ready.map(({ pid }) => readFile(`/proc/${pid}/environ`, 'utf8')));
  const all = (name: string) =>
    [...new Set(environments.flatMap((text) => new RegExp(`(?:^|\\0)${name}=([^\\0]+)`).exec(text)?.[1] ?? []))].sort();
  return { database: all('DATABASE_URL'), redis: all('REDIS_URL') };
}

const entersDatabase = async (url: string): Promise<string> => {
  const sql = connect(url);
  return sql`select 1`
    .then(
      () => 'enters',
      ({ code }) => code,
    )
    .finally(() => sql.end({ timeout: 1 }));
};
const entersRedis = async (url: string): Promise<string> => {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let refusal = '';
  client.on('error', ({ message }) => {
    refusal ||= message;
  });
  try {
    await client.connect();
    return await client.ping();
  } catch (error) {
    return refusal || (error as Error).message;
  } finally {
    client.disconnect();
  }
};

async function expectRotated(before: Awaited<ReturnType<typeof loginsInUse>>): Promise<void> {
  const after = await loginsInUse();
  expect(after.database).toHaveLength(before.database.length);
  for (const url of before.database) expect(await entersDatabase(url), url).toBe('28P01');
  for (const url of before.redis) expect(await entersRedis(url), url).toMatch(/WRONGPASS/);
  for (const url of after.database) expect(await entersDatabase(url), url).toBe('enters');
  for (const url of after.redis) expect(await entersRedis(url), url).toBe('PONG');
}

const keyIds = async () => {
  const { keys } = await (await send(platform.url, 'GET /.well-known/jwks.json')).json();
  return (keys as { kid: string }[]).map(({ kid }) => kid);
};
const credentials = async (file: string) => JSON.parse(await readFile(join(platform.home, 'keys', file), 'utf8'));

describe('pandect keys rotate', () => {
  it('replaces the signing key and all passwords under load, and again right after, without a failed request', async () => {
    for (const round of [1, 2]) {
      const before = await loginsInUse();
      const ids = await keyIds();
      const work = startWork();
      const { status, value } = await pandectJson<{ ok: boolean; events: { unit: string; step: string }[] }>(
        platform,
        ...['keys', 'rotate', ...(round === 1 ? ['all'] : [])],
      );
      const { requests, failures } = await work.stop();
      const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
      process.stdout.write(`Rotation ${round}: ${total} requests, ${failures.length} failed\n`);
      expect(failures).toEqual([]);
      expect({ status, ok: value.ok }, JSON.stringify(value)).toEqual({ status: 0, ok: true });
      const done = value.events.flatMap(({ unit, step }) => (step === 'done' ? [unit] : []));
      expect(done).toEqual(expect.arrayContaining(['jwt', 'database', 'redis', 'organization', 'ask', 'ingest']));
      await expectRotated(before);
      expect(await keyIds(), 'earlier tokens are still checked').toEqual(expect.arrayContaining(ids));
      expect(await keyIds()).toHaveLength(ids.length + 1);
      expect((await account.send('GET /api/organization')).status).toBe(200);
    }
  });

  it('is completed by the next start where the supervisor was killed in between, without a failed request', async () => {
    const before = await loginsInUse();
    const work = startWork();
    const command = startPandect(platform, 'keys', 'rotate');
    await until('the first replaced function', async () => /^ask +done/m.test(command.output()) || undefined);
    await platform.killSupervisor();
    const files = ['database-logins.json', 'redis-logins.json'];
    for (const file of files) expect(await credentials(file), file).toHaveProperty('previous');
    platform = await start();
    for (const file of files) {
      await until(`the end of the rotation in ${file}`, async () => {
        const { previous } = await credentials(file);
        return previous === undefined || undefined;
      });
    }
    expect((await work.stop()).failures).toEqual([]);
    await expectRotated(before);
  });

  it('rotates only what is named, and refuses other names', async () => {
    const before = await loginsInUse();
    expect((await pandect(platform, 'keys', 'rotate', 'jwt')).status).toBe(0);
    expect(await loginsInUse()).toEqual(before);
    const refused = await pandect(platform, 'keys', 'rotate', 'everything');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('jwt, database, redis, all') });
  });
});
