import { describe, expect, it } from 'vitest';
import { createRefusedCalls } from '../../modules/models/upstream/refused-calls.ts';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { testRedis } from '../../platform/testing/redis.ts';
import { chunks, completion, gatewayScene } from './gateway.fixture.ts';

const { database, mine, withUpstream, keyFor } = await gatewayScene();
const { redis } = await testRedis();
const hello = { model: 'default', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('a key', () => {
  it('lists and calls exactly what it may; all else looks like what is missing', async () => {
    const { upstream, gateway } = await withUpstream([jsonReply(completion('Hi'))]);
    const key = await keyFor(mine.owner, { routes: ['small', 'default'] });
    const client = gateway.openai(key);
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual(['default', 'small']);
    for (const model of ids) await client.chat.completions.create({ ...hello, model });
    const refusals = await Promise.all(
      ['large', 'gpt-0'].map((model) => client.chat.completions.create({ ...hello, model }).catch((error) => error)),
    );
    for (const { status, code, message } of refusals)
      expect([status, code, message.replace(/large|gpt-0/, '')]).toEqual([404, 'model_not_found', expect.any(String)]);
    expect(refusals[0].message.replace('large', 'gpt-0')).toBe(refusals[1].message);
    await expect(client.models.retrieve('large')).rejects.toMatchObject({ status: 404 });
    expect(upstream.visits).toHaveLength(2);
  });

  it('is told what it has left, in the words of the format', async () => {
    const { gateway } = await withUpstream([jsonReply(completion('Hi'))]);
    const key = await keyFor(mine.owner, { rpm: 10, tpm: 100_000 });
    const { headers } = await gateway.post('/v1/chat/completions', hello, key);
    expect(Object.fromEntries(headers)).toMatchObject({
      ...{ 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '9' },
      'x-ratelimit-reset-requests': expect.stringMatching(/^(\d+(\.\d+)?s|\d+ms)$/),
      ...{ 'x-ratelimit-limit-tokens': '100000', 'x-ratelimit-remaining-tokens': expect.stringMatching(/^9\d{4}$/) },
    });
    const message = await gateway.post('/v1/messages', { ...hello, max_tokens: 10 }, key);
    expect(Object.fromEntries(message.headers)).toMatchObject({
      ...{ 'anthropic-ratelimit-requests-limit': '10', 'anthropic-ratelimit-requests-remaining': '8' },
      'anthropic-ratelimit-tokens-reset': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('gets 429 with the time to come back in when its requests of the minute are used', async () => {
    const { gateway } = await withUpstream([jsonReply(completion('Hi'))]);
    const key = await keyFor(mine.owner, { rpm: 1 });
    expect((await gateway.post('/v1/chat/completions', hello, key)).status).toBe(200);
    const refused = await gateway.post('/v1/chat/completions', hello, key);
    expect([refused.status, await refused.json()]).toMatchObject([429, { error: { code: 'rate_limit_exceeded' } }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const refusals = async () => (await createRefusedCalls(redis, database.name).count([key.id])).get(key.id)?.today;
    await expect.poll(refusals, { timeout: 5_000 }).toBe(1);
  });

  it('is unlimited by address, while credentials that are refused are not', async () => {
    const { gateway } = await withUpstream([jsonReply(completion('Hi'))], { RATE_LIMIT_AUTH_RPS: '2' });
    const key = await keyFor(mine.owner);
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const guess = (path: string, address = '192.0.2.1') =>
      gateway.post(path, hello, { token: 'sk-guess' }, from(address));
    const guesses = await Promise.all(Array.from({ length: 6 }, () => guess('/v1/chat/completions')));
    const statuses = guesses.map(({ status }) => status).toSorted();
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    const chat = await guess('/v1/chat/completions');
    expect([chat.status, await chat.json()]).toMatchObject([429, { error: { code: 'rate_limit_exceeded' } }]);
    expect(Number(chat.headers.get('retry-after'))).toBeGreaterThan(0);
    const message = await guess('/v1/messages');
    expect([message.status, await message.json()]).toMatchObject([429, { error: { type: 'rate_limit_error' } }]);
    expect((await guess('/v1/chat/completions', '192.0.2.2')).status).toBe(401);
    const good = await Promise.all(Array.from({ length: 10 }, () => gateway.get('/v1/models', key, from('192.0.2.1'))));
    expect(good.map(({ status }) => status)).toEqual(good.map(() => 200));
  });

  it('has two streams open at most, in all formats, when its limit says so', async () => {
    const { gateway } = await withUpstream(() => eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang'));
    const key = await keyFor(mine.owner, { concurrency: 2 });
    const leaving = new AbortController();
    const { signal } = leaving;
    const ask = (path: string, body: object) =>
      fetch(gateway.url + path, {
        ...{ method: 'POST', signal, body: JSON.stringify({ ...hello, stream: true, ...body }) },
        headers: { 'x-api-key': key.token, 'content-type': 'application/json' },
      });
    const open = [await ask('/v1/chat/completions', {}), await ask('/v1/messages', { max_tokens: 9 })];
    expect(open.map(({ status }) => status)).toEqual([200, 200]);
    for (const [path, body] of [
      ['/v1/chat/completions', {}],
      ['/v1/messages', { max_tokens: 9 }],
    ] as const)
      expect((await ask(path, body)).status).toBe(429);
    leaving.abort();
    await expect
      .poll(async () => (await gateway.post('/v1/chat/completions', { ...hello, model: 'x' }, key)).status)
      .toBe(404);
    await expect
      .poll(async () => {
        const again = await gateway.post('/v1/chat/completions', { ...hello, stream: true }, key);
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);
  });
});
