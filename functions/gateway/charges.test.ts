import { describe, expect, it } from 'vitest';
import { booksOf } from '../../modules/commerce/metering/calls/calls.fixture.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { eventStream, jsonReply, sse, type UpstreamScript } from '../../modules/testing/upstream-server.ts';
import { chunks, completion, gatewayScene } from './gateway.fixture.ts';

const { database, withUpstream, keyFor } = await gatewayScene();
const hello = { model: 'small', messages: [{ role: 'user' as const, content: 'Hello' }] };

async function scene(script: UpstreamScript) {
  const organization = await testOrganization(database);
  const made = await withUpstream(script);
  const key = await keyFor(organization.owner);
  /** What was written down of all calls, once so many attempts are. */
  const books = async (rows: number) => {
    await expect.poll(async () => (await booksOf(database, organization.id)).rows.length).toBe(rows);
    const { rows: attempts, held, states, cost } = await booksOf(database, organization.id);
    const shown = attempts.map(({ outcome, prompt, completion: answered, metadata }) => ({
      ...{ outcome, prompt, answered, estimated: (metadata as { estimated?: boolean }).estimated ?? false },
    }));
    return { rows: shown, held, states, cost };
  };
  return { ...made, key, books, ask: made.gateway.openai(key).chat.completions };
}

const error = { error: { message: 'x'.repeat(4_000), type: 'server_error', code: null, param: null } };

describe('a call', () => {
  it('is charged what the upstream counted, whole or as a stream', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    const { ask, books } = await scene([
      jsonReply(completion('Hi', usage)),
      eventStream(sse(...chunks(['Hi'], usage))),
    ]);
    await ask.create(hello);
    for await (const _ of await ask.create({ ...hello, stream: true }));
    const counted = { outcome: 'done', prompt: 7, answered: 3, estimated: false };
    expect(await books(2)).toMatchObject({ rows: [counted, counted], cost: '26.00000000' });
  });

  it('gives its count to callers who ask for it, once and last', async () => {
    const { ask } = await scene([eventStream(sse(...chunks(['Hi'])))]);
    const stream = await ask.create({ ...hello, stream: true, stream_options: { include_usage: true } });
    const seen: [number, number | null][] = [];
    for await (const { choices, usage } of stream) seen.push([choices.length, usage?.total_tokens ?? null]);
    expect(seen.filter(([, total]) => total !== null)).toEqual([[0, 15]]);
    expect(seen.at(-1)).toEqual([0, 15]);
  });

  it('is given back when nothing came of it, and no words of an error are counted', async () => {
    const { ask, books, gateway, key } = await scene([jsonReply(error, 500)]);
    await expect(ask.create(hello)).rejects.toMatchObject({ status: 502 });
    const response = await gateway.post('/v1/chat/completions', { ...hello, stream: true }, key);
    expect(response.status).toBe(502);
    const nothing = { outcome: 'failed', prompt: 0, answered: 0 };
    const { rows, cost } = await books(2);
    expect(rows).toMatchObject([nothing, nothing]);
    expect(Number(cost)).toBe(0);
  });

  it('that broke off after it began is charged for what came, and says so to the client', async () => {
    const { books, gateway, key } = await scene([
      eventStream(sse(...chunks(['Some words of ', 'an answer']).slice(0, 3)), 'cut'),
    ]);
    const response = await gateway.post('/v1/chat/completions', { ...hello, stream: true }, key);
    const text = await response.text();
    expect(text).toContain('an answer');
    expect(JSON.parse(text.trim().split('\n\n').at(-1)?.slice(6) ?? '')).toMatchObject({
      error: { code: 'stream_interrupted' },
    });
    expect(text).not.toContain('[DONE]');
    const { rows } = await books(1);
    expect(rows).toEqual([{ outcome: 'broken', prompt: expect.any(Number), answered: 8, estimated: true }]);
  });

  it('whose client leaves before the first token is given back, with its socket closed at once', async () => {
    const { upstream, books, gateway, key } = await scene([{ steps: ['hang'], headersAfterMs: 10_000 }]);
    for (const stream of [true, false]) {
      const leaving = new AbortController();
      const asked = fetch(`${gateway.url}/v1/chat/completions`, {
        ...{ method: 'POST', body: JSON.stringify({ ...hello, stream }), signal: leaving.signal },
        headers: { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' },
      }).catch(() => {});
      await expect.poll(() => upstream.visits.length).toBe(stream ? 1 : 2);
      leaving.abort();
      await asked;
      const left = performance.now();
      await expect.poll(() => upstream.visits.at(-1)?.closedAt).toBeDefined();
      expect((upstream.visits.at(-1)?.closedAt ?? 0) - left).toBeLessThan(1000);
    }
    const { rows, cost } = await books(2);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    expect(Number(cost)).toBe(0);
  });

  it('whose client leaves in the middle is charged for what came until then', async () => {
    const { upstream, books, gateway, key } = await scene([
      eventStream(sse(...chunks(['Some words']).slice(0, 2)), 'hang'),
    ]);
    const response = await gateway.post('/v1/chat/completions', { ...hello, stream: true }, key);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => upstream.visits[0]?.closedAt).toBeDefined();
    const { rows } = await books(1);
    expect(rows).toMatchObject([{ outcome: 'broken', estimated: true }]);
    expect(rows[0]?.answered).toBeGreaterThan(0);
  });

  it('whose client closes after the last byte is charged in full', async () => {
    const { books, gateway, key } = await scene([eventStream(sse(...chunks(['Hi'])))]);
    const response = await gateway.post('/v1/chat/completions', { ...hello, stream: true }, key);
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('[DONE]')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    expect((await books(1)).rows).toEqual([{ outcome: 'done', prompt: 10, answered: 5, estimated: false }]);
  });

  it('is in the database when its process ended in good order', async () => {
    const { ask, books, gateway } = await scene([jsonReply(completion('Hi'))]);
    await ask.create(hello);
    await gateway.close();
    expect((await books(1)).states).toEqual(['settled']);
  });

  it('keeps three answers apart, each with its own end, and is counted once', async () => {
    const choice = (index: number, delta: object, finish: string | null = null) => ({
      ...{ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' },
      choices: [{ index, delta, finish_reason: finish }],
    });
    const usage = { prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 };
    const events = [0, 1, 2].flatMap((index) => [choice(index, { content: `${index}` }), choice(index, {}, 'stop')]);
    const { ask, books } = await scene([
      eventStream(sse(...events, { ...choice(0, {}), choices: [], usage }, '[DONE]')),
    ]);
    const ends = new Map<number, string>();
    for await (const { choices } of await ask.create({ ...hello, n: 3, stream: true }))
      for (const { index, finish_reason: finish } of choices) if (finish) ends.set(index, finish);
    expect([...ends]).toEqual([
      [0, 'stop'],
      [1, 'stop'],
      [2, 'stop'],
    ]);
    expect((await books(1)).rows).toMatchObject([{ outcome: 'done', prompt: 4, answered: 6 }]);
  });
});
