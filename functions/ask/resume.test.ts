import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StreamStep } from '../../modules/testing/openai-server.ts';
import type { TestOrganization } from '../../modules/testing/organization.ts';
import type { TestApp } from '../../platform/testing/app.ts';
import { eventsOf, type SentEvent } from './ask.fixture.ts';
import {
  answer,
  away,
  chats,
  describeReconciliation,
  meteringScene,
  nothing,
  once as onceCharged,
  question,
} from './metering.fixture.ts';

const { database, scene, charged } = await meteringScene();

const words: StreamStep[] = answer.match(/\s*\S+/g)?.map((delta) => ({ delta })) ?? [];
const usage: StreamStep = { usage: { prompt: 80, completion: 20, cached: 30 } };
/** Its first words at once, the others after a while. */
const slow = {
  stream: [...words.slice(0, 3), { waitMs: 600 }, ...words.slice(3), { finish: 'stop' }, usage, 'done'],
} as const;
const stuck = { stream: [...words.slice(0, 3), 'hang'] } as const;

interface Following {
  /** Events so far. */
  events(): SentEvent[];
  /** All of them. */
  all: Promise<SentEvent[]>;
  leave(): void;
}

/** Asks for a stream under a key. */
async function open(app: TestApp, { owner }: TestOrganization, key: string, json: object = {}): Promise<Following> {
  const left = new AbortController();
  const response = await app.request('POST /api/ask', {
    ...{
      as: owner,
      json: { question, stream: true, ...json },
      headers: { 'idempotency-key': key },
      signal: left.signal,
    },
  });
  if (response.status !== 200) {
    const problem = await response.json();
    const events: SentEvent[] = [['error', problem]];
    return { events: () => events, all: Promise.resolve(events), leave: () => {} };
  }
  let body = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const all = (async () => {
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) body += piece.value;
    return eventsOf(body);
  })();
  all.catch(() => {});
  return {
    events: () => eventsOf(body),
    all,
    leave() {
      left.abort();
      void reader?.cancel();
    },
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** Asks a process of its own, whose answer gets stuck. @returns kills it and lets it be taken for lost, as it is a while after it was last heard of */
async function askAndKill({ org, server, spawn }: Scene): Promise<() => Promise<void>> {
  const killed = await spawn();
  const sent = request({
    ...{ socketPath: killed.socketPath, method: 'POST', path: '/api/ask', agent: false },
    headers: {
      ...{ authorization: `Bearer ${org.owner.token}`, 'content-type': 'application/json' },
      'idempotency-key': 'killed',
    },
  });
  const broken = once(sent.end(JSON.stringify({ question, stream: true })), 'close');
  await expect.poll(() => chats(server).length, { timeout: 10_000 }).toBe(1);
  return async () => {
    await killed.kill();
    await broken;
    await database.owner`
      update idempotency_keys set created_at = now() - interval '11 seconds' where organization_id = ${org.id}`;
  };
}

const textOf = (events: SentEvent[]) =>
  events
    .filter(([name]) => name === 'delta')
    .map(([, { text }]) => text)
    .join('');
const until = (following: Following, text: string) =>
  expect.poll(() => textOf(following.events()), { timeout: 10_000 }).toContain(text);
const stop = (app: TestApp, { owner }: TestOrganization, key: string) =>
  app.request(`DELETE /api/ask/${key}`, { as: owner });
const stored = ({ id }: TestOrganization) => database.owner`
  select content, incomplete from messages where organization_id = ${id} and role = 'assistant'`;

describe('a repeated question', () => {
  it('gets the answer in progress from its first word on, in another process, and is charged once', async () => {
    const { org, app, others, server } = await scene([slow], { processes: 2 });
    const first = await open(app, org, 'again');
    await until(first, 'The monthly rent');
    first.leave();
    const second = await open(others[0] as TestApp, org, 'again');
    await until(second, 'The monthly rent');
    expect(second.events().map(([name]) => name)).not.toContain('done');
    const events = await second.all;
    expect([textOf(events), events[0]?.[0]]).toEqual([answer, 'passages']);
    expect(events.slice(-3).map(([name]) => name)).toEqual(['citations', 'usage', 'done']);
    expect(events.at(-1)?.[1]).toMatchObject({ answer, incomplete: false });
    const third = await (await open(app, org, 'again')).all;
    expect(third.map(([name]) => name)).toEqual(['citations', 'usage', 'done']);
    expect(third.at(-1)).toEqual(events.at(-1));
    expect(chats(server)).toHaveLength(1);
    expect(await charged(org)).toEqual(onceCharged);
  });

  it('waits for the same answer where it asks for no stream', async () => {
    const { org, app, others } = await scene([slow], { processes: 2 });
    const first = await open(app, org, 'whole');
    const { status, body } = await (others[0] as TestApp).json('POST /api/ask', {
      ...{ as: org.owner, json: { question }, headers: { 'idempotency-key': 'whole' } },
    });
    expect(status).toBe(200);
    expect((await first.all).at(-1)).toEqual(['done', body]);
  });

  it('is refused while another question has its key', async () => {
    const { org, app, others } = await scene([slow], { processes: 2 });
    const first = await open(app, org, 'taken');
    const [refused] = (await open(others[0] as TestApp, org, 'taken', { question: 'Another one?' })).events();
    expect(refused?.[1]).toMatchObject({ type: 'urn:pandect:problem:idempotency-mismatch', status: 422 });
    await first.all;
  });

  it('fails as the first one does', async () => {
    const fails = { stream: [...words.slice(0, 3), { waitMs: 300 }, 'cut'] } as const;
    const { org, app, others } = await scene([fails], { processes: 2 });
    const first = await open(app, org, 'fails');
    const second = await open(others[0] as TestApp, org, 'fails');
    const [, problem] = (await first.all).at(-1) as SentEvent;
    const [name, same] = (await second.all).at(-1) as SentEvent;
    expect([name, same.type]).toEqual(['error', 'urn:pandect:problem:ai-broke-off']);
    expect({ ...same, instance: '' }).toEqual({ ...problem, instance: '' });
  });

  it('gets the whole answer while Redis is unavailable', async () => {
    const { org, app, others } = await scene([slow], { processes: 2, environment: away });
    await open(app, org, 'away');
    const events = await (await open(others[0] as TestApp, org, 'away')).all;
    expect(events.map(([name]) => name)).toEqual(['citations', 'usage', 'done']);
    expect(events.at(-1)?.[1]).toMatchObject({ answer });
  });

  it('gets what came, then an honest error, after the process of the first one was killed, and may be asked again', async () => {
    const scenery = await scene([stuck, slow]);
    const { org, app } = scenery;
    const kill = await askAndKill(scenery);
    const following = await open(app, org, 'killed');
    await until(following, 'The monthly rent');
    await kill();
    expect((await following.all).at(-1)).toMatchObject([
      'error',
      { type: 'urn:pandect:problem:answer-interrupted', status: 503 },
    ]);
    const again = await (await open(app, org, 'killed')).all;
    expect([textOf(again), again.at(-1)?.[1].answer]).toEqual([answer, answer]);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost', 'done'] });
  }, 60_000);

  it('gets the answer by itself after the process of the first one was killed, once for all who showed nothing yet', async () => {
    const scenery = await scene([stuck, slow], { processes: 2 });
    const { org, app, others, server } = scenery;
    const kill = await askAndKill(scenery);
    const whole = (one: TestApp) =>
      one.json('POST /api/ask', {
        ...{ as: org.owner, json: { question }, headers: { 'idempotency-key': 'killed' } },
      });
    const waiting = [app, others[0] as TestApp, app].map(whole);
    await sleep(300);
    await kill();
    for (const { status, body } of await Promise.all(waiting)) {
      expect([status, body]).toMatchObject([200, { answer, incomplete: false }]);
    }
    expect(chats(server)).toHaveLength(2);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['lost', 'done'] });
  }, 60_000);

  it('is not begun again after it was to stop and its process was killed', async () => {
    const scenery = await scene([stuck, slow]);
    const { org, app, server } = scenery;
    const kill = await askAndKill(scenery);
    const waiting = app.json('POST /api/ask', {
      ...{ as: org.owner, json: { question }, headers: { 'idempotency-key': 'killed' } },
    });
    await sleep(300);
    // As `stop` does, which the process would notice at once.
    await database.owner`update idempotency_keys set stop_asked_at = now() where organization_id = ${org.id}`;
    await kill();
    expect(await waiting).toMatchObject({ status: 503, body: { type: 'urn:pandect:problem:answer-interrupted' } });
    expect(chats(server)).toHaveLength(1);
  }, 60_000);
});

describe('DELETE /api/ask/{key}', () => {
  it.each([1, 2])('stops at once, keeps and charges what came, with %d process(es)', async (processes) => {
    const { org, app, others, server } = await scene([stuck], { processes });
    const following = await open(app, org, 'stop');
    const second = await open(others[0] ?? app, org, 'stop');
    await until(following, 'The monthly rent');
    expect((await stop(others[0] ?? app, org, 'stop')).status).toBe(204);
    const events = await following.all;
    expect(events.at(-1)).toMatchObject(['done', { answer: 'The monthly rent', citations: [], incomplete: true }]);
    expect((await second.all).at(-1)).toEqual(events.at(-1));
    await expect.poll(() => chats(server)[0]?.abandoned).toBe(true);
    expect([...(await stored(org))]).toEqual([{ content: 'The monthly rent', incomplete: true }]);
    expect(await charged(org)).toMatchObject({ questions: 1, counted: 1, rows: ['broken'] });
    expect((await stop(app, org, 'stop')).status).toBe(204);
    expect((await (await open(app, org, 'stop')).all).at(-1)).toEqual(events.at(-1));
  });

  it('gives the question back before the first word', async () => {
    const { org, app, server } = await scene(['hang']);
    const following = open(app, org, 'early');
    await expect.poll(() => chats(server).length, { timeout: 10_000 }).toBe(1);
    expect((await stop(app, org, 'early')).status).toBe(204);
    expect((await (await following).all).at(-1)?.[1]).toMatchObject({
      ...{ type: 'urn:pandect:problem:answer-stopped', status: 409 },
    });
    expect(await charged(org)).toEqual({ ...nothing, rows: ['failed'] });
    expect([...(await stored(org))]).toEqual([]);
    expect((await stop(app, org, 'early')).status).toBe(404);
  });

  it('knows only the caller’s own keys', async () => {
    const { org, app } = await scene([slow]);
    const following = await open(app, org, 'mine');
    const colleague = await org.addMember('owner');
    const foreign = await app.request('DELETE /api/ask/mine', { as: colleague });
    expect(foreign.status).toBe(404);
    expect((await following.all).at(-1)).toMatchObject(['done', { incomplete: false }]);
  });

  it('leaves a complete answer as it is', async () => {
    const { org, app } = await scene([slow]);
    await (await open(app, org, 'complete')).all;
    expect((await stop(app, org, 'complete')).status).toBe(204);
    expect([...(await stored(org))]).toEqual([{ content: answer, incomplete: false }]);
  });
});

describeReconciliation(database);
