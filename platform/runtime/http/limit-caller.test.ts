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
import { createProtectedRouter } from './router.ts';

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

async function probe(environment: Record<string, string>) {
  app = await testApp(
    database,
    { name: 'probe', manifest, module },
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

  it('whose address is over its limit costs nothing of its own', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '1', RATE_LIMIT_PERSON_RPM: '100' });
    const statuses = await ask(app, mine.owner, 6);
    expect(statuses.slice(0, 2)).toEqual([here, here]);
    expect(statuses).toContain(later);
    const headers = { 'x-forwarded-for': '192.0.2.9' };
    const answer = await app.request('GET /api/probe', { as: mine.owner, headers });
    const spent = statuses.filter((status) => status === here).length + 1;
    const left = Number(/"person";r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);
    expect(left).toBeGreaterThanOrEqual(100 - spent);
  });
});
