import { once } from 'node:events';
import { streamSSE } from 'hono/streaming';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../db/schema/people/api-keys.ts';
import { digest, newApiKey } from '../../../modules/people/identity/index.ts';
import { tokens } from '../../../modules/people/identity/provide-tokens.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { defineFunction } from '../../kernel/manifest.ts';
import { type TestApp, testApp } from '../../testing/app.ts';
import { testDatabase } from '../../testing/database.ts';
import { redis } from '../providers/redis.ts';
import type { TokenVerifier } from './caller.ts';
import { createProtectedRouter, createRouter } from './router.ts';

const database = await testDatabase();
const mine = await testOrganization(database);
let app: TestApp | undefined;
afterEach(() => app?.close());
afterAll(() => database.close());

const manifest = defineFunction({ mount: ['/api/probe'], database: 'tenant' });
const module = {
  provide: { tokens },
  createApp(deps: { tokens: TokenVerifier }) {
    const router = createProtectedRouter(deps.tokens, { scope: 'ask' });
    router.get('/api/probe', (c) => c.text('here'));
    router.get('/api/probe/events', (c) =>
      streamSSE(c, async (stream) => {
        for (let event = 0; event < 20; event++) await stream.writeSSE({ data: String(event) });
      }),
    );
    return router;
  },
};

async function probe(environment: Record<string, string>, served = module) {
  app = await testApp(
    database,
    { name: 'probe', manifest, module: served },
    { environment: { CACHE_PREFIX: crypto.randomUUID(), ...environment } },
  );
  const connection = await app.boot.use(redis);
  if (connection.status !== 'ready') await once(connection, 'ready');
  return app;
}
async function keyOf(channel: Channel): Promise<{ token: string }> {
  const { key, prefix } = newApiKey(mine.id);
  await database.owner`
    insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes, channel)
    values (${mine.id}, ${mine.owner.userId}, 'Key', ${prefix}, ${digest(key)}, '{ask}', ${channel})`;
  return { token: key };
}
/** Statuses of so many requests, one after another. */
async function ask({ request }: TestApp, as: { token: string }, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n++) statuses.push((await request('GET /api/probe', { as })).status);
  return statuses;
}
const [here, later] = [200, 429];

describe('a caller', () => {
  it('has a limit next to that of the address; both stand in the headers, and a refusal names which it was', async () => {
    const app = await probe({ RATE_LIMIT_PERSON_RPM: '2' });
    const first = await app.request('GET /api/probe', { as: mine.owner });
    expect(first.headers.get('ratelimit-policy')).toBe('"api";q=200000;w=2, "person";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"api";r=\d+;t=\d+, "person";r=1;t=\d+$/);
    expect(await ask(app, mine.owner, 2)).toEqual([here, later]);
    const refused = await app.request('GET /api/probe', { as: mine.owner, headers: { 'accept-language': 'ru' } });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(refused.headers.get('ratelimit')).toMatch(/^"api";r=\d+;t=\d+, "person";r=0;t=\d+$/);
    const problem = await refused.json();
    expect(problem).toMatchObject({ title: 'Слишком много запросов', policy: 'person', seconds });
    expect(Date.parse(problem.resetAt)).toBeGreaterThan(Date.now());
  });

  it('is limited wherever it asks from, and apart from others at the same place', async () => {
    const app = await probe({ RATE_LIMIT_PERSON_RPM: '1' });
    const from = (address: string) =>
      app.request('GET /api/probe', { as: mine.owner, headers: { 'x-forwarded-for': address } });
    expect((await from('192.0.2.1')).status).toBe(here);
    expect((await from('192.0.2.2')).status).toBe(later);
    expect(await ask(app, await mine.addMember('viewer'), 1)).toEqual([here]);
  });

  it('that is a program has the limit of its channel, for each of its keys and next to its person’s', async () => {
    const app = await probe({ RATE_LIMIT_PERSON_RPM: '2', RATE_LIMIT_EXTERNAL_RPM: '1', RATE_LIMIT_INTERNAL_RPM: '3' });
    expect(await ask(app, mine.owner, 3)).toEqual([here, here, later]);
    expect(await ask(app, await keyOf('external'), 2)).toEqual([here, later]);
    const [one, other] = [await keyOf('internal'), await keyOf('internal')];
    expect(await ask(app, one, 4)).toEqual([here, here, here, later]);
    expect(await ask(app, other, 1)).toEqual([here]);
  });

  it('asks once for a stream, however many events it has', async () => {
    const app = await probe({ RATE_LIMIT_PERSON_RPM: '2' });
    const events = await app.request('GET /api/probe/events', { as: mine.owner });
    expect((await events.text()).match(/data: /g)).toHaveLength(20);
    expect(events.headers.get('ratelimit')).toContain('"person";r=1;');
    expect(await ask(app, mine.owner, 2)).toEqual([here, later]);
  });

  it('that is not known costs only its address', async () => {
    const app = await probe({ RATE_LIMIT_PERSON_RPM: '1' });
    const unknown = await app.request('GET /api/probe', { as: { token: 'forged' } });
    expect([unknown.status, unknown.headers.get('ratelimit-policy')]).toEqual([401, '"api";q=200000;w=2']);
  });

  it('that is signed in is not refused for what others at its address ask, and asks no more than one may', async () => {
    // Bursts of 8, and of 2 should Redis be slow.
    const app = await probe({ RATE_LIMIT_API_RPS: '4', RATE_LIMIT_PERSON_RPM: '1000' });
    const colleagues = [];
    for (let n = 0; n < 5; n++) colleagues.push(await mine.addMember('viewer'));
    for (const colleague of colleagues) expect(await ask(app, colleague, 2)).toEqual([here, here]);
    const statuses = await ask(app, mine.owner, 40);
    expect([statuses.slice(0, 2), statuses.includes(later)]).toEqual([[here, here], true]);
    const refused = await app.json('GET /api/probe', { as: mine.owner });
    if (refused.status === later) expect(refused.body).toMatchObject({ policy: 'api' });
  });

  it('that no one knows is counted by address, with whatever token, and keeps no one out who is known', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '4', RATE_LIMIT_PERSON_RPM: '1000' });
    expect(await ask(app, mine.owner, 1)).toEqual([here]);
    const forged = { token: `ey${'x'.repeat(40)}` };
    const statuses = await ask(app, forged, 40);
    expect([statuses.slice(0, 2), statuses.includes(later), statuses.includes(here)]).toEqual([
      [401, 401],
      true,
      false,
    ]);
    expect(await ask(app, mine.owner, 1)).toEqual([here]);
    const elsewhere = { as: forged, headers: { 'x-forwarded-for': '192.0.2.9' } };
    expect((await app.request('GET /api/probe', elsewhere)).status).toBe(401);
  });

  it('is not looked for once its address has spent its rate, be it at another process', async () => {
    const settings = { CACHE_PREFIX: crypto.randomUUID(), RATE_LIMIT_API_RPS: '1' };
    let checked = 0;
    const counting = {
      ...module,
      createApp({ tokens }: { tokens: TokenVerifier }) {
        const verify: TokenVerifier['verify'] = (token) => {
          checked++;
          return tokens.verify(token);
        };
        return module.createApp({ tokens: { ...tokens, verify } });
      },
    };
    const other = await probe(settings);
    try {
      await Promise.all([1, 2, 3].map(() => other.request('GET /api/probe')));
      await ask(await probe(settings, counting), { token: 'eyforged' }, 40);
      expect(checked).toBeLessThan(20);
    } finally {
      await other.close();
    }
  });

  it('is counted by address before what is open to everyone is done, with whatever token', async () => {
    let done = 0;
    const open = {
      ...module,
      createApp(deps: { tokens: TokenVerifier }) {
        const router = createRouter();
        router.get('/api/probe', (c) => {
          done++;
          return c.text('here');
        });
        router.route('/', createProtectedRouter(deps.tokens));
        return router;
      },
    };
    const app = await probe({ RATE_LIMIT_API_RPS: '1' }, open);
    const statuses = await ask(app, { token: 'eyforged' }, 40);
    expect(statuses).toContain(later);
    expect(statuses.filter((status) => status === here)).toHaveLength(done);
  });

  it('whose token was not seen before is told to come back, not to sign in, while its address sends forged ones', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '1' });
    const fresh = await mine.addMember('viewer');
    await ask(app, { token: 'eyforged' }, 20);
    const answer = await app.request('GET /api/probe', { as: fresh });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([later, '1']);
    await expect.poll(async () => (await ask(app, fresh, 1))[0], { timeout: 5_000 }).toBe(here);
  });

  it('that is a program is counted by its address as well', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '4', RATE_LIMIT_INTERNAL_RPM: '1000' });
    const statuses = [
      ...(await ask(app, await keyOf('internal'), 2)),
      ...(await ask(app, await keyOf('internal'), 40)),
    ];
    expect([statuses.slice(0, 2), statuses.includes(later)]).toEqual([[here, here], true]);
  });

  it('asks not without end from one address, however many accounts it has', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '1', RATE_LIMIT_PERSON_RPM: '1000' });
    const crowd = [];
    // One request of each, which a process admits by itself too while Redis is slow.
    for (let n = 0; n < 120; n++) crowd.push(await mine.addMember('viewer'));
    const statuses = (await Promise.all(crowd.map((one) => ask(app, one, 1)))).flat();
    expect(statuses.filter((status) => status === here).length).toBeLessThan(120);
    expect(statuses.filter((status) => status === here).length).toBeGreaterThanOrEqual(100);
  });
});
