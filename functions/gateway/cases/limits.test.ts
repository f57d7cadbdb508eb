import { describe, expect, it } from 'vitest';
import { booksOf } from '../../../modules/commerce/metering/calls/calls.fixture.ts';
import { eventStream, jsonReply, sse } from '../../../modules/testing/upstream-server.ts';
import { createApp } from '../app.ts';
import { chunks } from '../gateway.fixture.ts';
import { caseScenes, hello } from './case-scene.fixture.ts';

const { database, scene } = await caseScenes();

/** Every way to a model, with the least that it takes. */
const calls: Record<string, object> = {
  'POST /v1/chat/completions': hello,
  'POST /v1/responses': { model: 'default', input: 'Hello' },
  'POST /v1/messages': { ...hello, max_tokens: 9 },
  'POST /v1/embeddings': { model: 'default', input: 'Hello' },
  'POST /v1/audio/speech': { model: 'media', input: 'Hello', voice: 'alloy' },
  'POST /v1/images/generations': { model: 'media', prompt: 'A cat' },
  'POST /v1/rerank': { model: 'media', query: 'Hello', documents: ['Hello'] },
};
/** What reaches no model, or only by a worker, which reserves as these do; and the form of a transcription, which goes the way of speech. */
const others = [
  ...[/^GET /, /^DELETE /, /^POST \/v1\/(files|batches|async)\b/, /^POST \/v1\/messages\/count_tokens$/],
  /^POST \/v1\/audio\/transcriptions$/,
];

const open = eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang');
const streams = [
  ['/v1/chat/completions', hello],
  ['/v1/responses', { model: 'default', input: 'Hello' }],
  ['/v1/messages', { ...hello, max_tokens: 9 }],
] as const;

describe('every path to a model', () => {
  const router = createApp({ tokens: {}, gateway: {} } as never);
  const paths = [...new Set(router.routes.map(({ method, path }) => `${method} ${path}`))].filter(
    (route) => !route.startsWith('ALL '),
  );

  it('is known to this test', () => {
    const unknown = paths.filter((path) => !(path in calls) && !others.some((other) => other.test(path)));
    expect(unknown).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(Object.keys(calls)));
  });

  it.each(Object.entries(calls))('stands behind the budget: %s', async (route, body) => {
    const { gateway, key, organization, first, second, idle } = await scene({});
    await database.owner`
      insert into budgets (organization_id, scope, "window", limit_cost, hard) values (${organization.id}, 'organization', 'month', 1, true)`;
    const response = await gateway.post(route.slice('POST '.length), body, key);
    expect(response.status).toBe(429);
    const { error } = (await response.json()) as { error: { type: string; code: string } };
    expect([error.type, error.code]).toContain('budget_exceeded');
    expect([...first.visits, ...second.visits]).toHaveLength(0);
    await idle();
  });

  it.each([
    '/v1/chat',
    '/v1/completions',
    '/v1/chat/completions/x',
    '/v1/engines/small/completions',
    '/v1//chat/completions',
  ])('is one of those; %s is not found, and asks no upstream', async (path) => {
    const { gateway, key, first } = await scene({});
    expect((await gateway.post(path, hello, key)).status).toBe(404);
    expect(first.visits).toHaveLength(0);
  });
});

describe('streams', () => {
  it('of all three formats hold their places until they end, and move the tokens of the minute after', async () => {
    const { gateway, keyWith, idle, organization } = await scene({ first: () => open });
    const key = await keyWith({ concurrency: 2 });
    const leaving = new AbortController();
    const ask = ([path, body]: (typeof streams)[number], signal?: AbortSignal) =>
      fetch(gateway.url + path, {
        ...{ method: 'POST', body: JSON.stringify({ ...body, stream: true }), ...(signal && { signal }) },
        headers: { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' },
      });
    for (const one of [streams[0], streams[2]]) expect((await ask(one, leaving.signal)).status).toBe(200);
    for (const one of streams) {
      const refused = await ask(one);
      expect([one[0], refused.status]).toEqual([one[0], 429]);
      await refused.body?.cancel();
    }
    const during = (await booksOf(database, organization.id)).minute;
    leaving.abort();
    await idle();
    const after = (await booksOf(database, organization.id)).minute;
    expect(after).toBeGreaterThan(0);
    expect(after).not.toBe(during);
  });

  it('count against the tokens of the minute in every format', async () => {
    const counted = { prompt_tokens: 4_000, completion_tokens: 5, total_tokens: 4_005 };
    const { gateway, keyWith, books } = await scene({ first: [eventStream(sse(...chunks(['Hi'], counted)))] });
    for (const [index, [path, body]] of streams.filter(([at]) => at !== '/v1/responses').entries()) {
      const key = await keyWith({ tpm: 4_500 });
      const asked = { ...body, stream: true, max_tokens: 100 };
      await (await gateway.post(path, asked, key)).text();
      await books(index + 1);
      const refused = await gateway.post(path, { ...asked, max_tokens: 600 }, key);
      expect([path, refused.status]).toEqual([path, 429]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });
});

it('leaves nothing behind of 90 calls whose clients left, whose providers failed, or whose model is missing', async () => {
  const { gateway, key, first, idle } = await scene(
    {
      first: (visit) => (visit.body.includes('"fail"') ? jsonReply({ error: {} }, 500) : open),
      second: [jsonReply({ error: {} }, 400)],
    },
    { environment: { CIRCUIT_BREAKER_FAILURE_THRESHOLD: '100' } },
  );
  await Promise.all(
    Array.from({ length: 90 }, async (_, nth) => {
      const leaving = new AbortController();
      const user = nth % 3 === 0 ? 'fail' : 'leave';
      const body = { ...hello, user, stream: nth % 2 === 0, model: nth % 3 === 1 ? 'missing' : 'default' };
      const asked = fetch(`${gateway.url}/v1/chat/completions`, {
        ...{ method: 'POST', body: JSON.stringify(body), signal: leaving.signal },
        headers: { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' },
      });
      if (nth % 3 === 2) setTimeout(() => leaving.abort(), nth * 3);
      const response = await asked.catch(() => undefined);
      await response?.text().catch(() => {});
    }),
  );
  let unended = first.visits.length;
  for (const visit of first.visits) void visit.ended.then(() => (unended -= 1));
  await expect.poll(() => unended, { timeout: 10_000 }).toBe(0);
  await idle();
});
