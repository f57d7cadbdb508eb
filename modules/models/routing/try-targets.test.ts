import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../../../platform/kernel/problem.ts';
import { jsonReply, type UpstreamReply } from '../../testing/upstream-server.ts';
import { messagesDialect } from '../dialects/index.ts';
import { unsupportedParameter } from '../problems.ts';
import { bodyOf, createWorld, keys, routeTo, targetAt, textOf, type World } from './exchange.fixture.ts';
import type { Target } from './route.ts';

let world: World;
afterEach(() => world.close());

const good = jsonReply({
  choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
});
const failing = (status: number, headers: Record<string, string> = {}, error: object = {}): UpstreamReply =>
  jsonReply({ error: { message: 'sk-secret', ...error } }, status, headers);
const ask = (asked = {}) => world.ask({ stream: false, body: bodyOf(false), ...asked });
const problemOf = (asked: Promise<unknown>): Promise<Problem> =>
  asked.then(
    () => expect.fail(),
    (error) => error,
  );
const visits = () => world.servers.map((server) => server.visits.length);
const keyOf = (index: number, visit: number) => world.servers[index]?.visits[visit]?.headers.authorization;

describe('targets', () => {
  it('are asked in their order until one answers', async () => {
    world = await createWorld([[failing(500)], [failing(503)], [good]]);
    expect((await ask()).target.name).toBe('t3');
    expect(visits()).toEqual([1, 1, 1]);
    expect(world.reports.map(({ attempt, outcome, status }) => [attempt, outcome, status])).toEqual([
      [1, 'failed', 500],
      [2, 'failed', 503],
      [3, 'done', 200],
    ]);
  });

  it('are drawn by weight, none twice', async () => {
    world = await createWorld([[failing(500)], [failing(500)], [good]], { random: () => 0.95 });
    const route = { ...routeTo(world.targets), strategy: 'weighted' as const };
    const [first, second, third] = route.targets;
    await ask({
      route: {
        ...route,
        targets: [
          { ...first, weight: 1 },
          { ...second, weight: 8 },
          { ...third, weight: 0 },
        ],
      },
    });
    expect(world.memory.ends.map(({ target }) => target)).toEqual(['t2', 't1', 't3']);
  });

  it('are no more than the attempts of the route', async () => {
    world = await createWorld([[failing(500)], [failing(500)], [good]]);
    await expect(ask({ route: routeTo(world.targets, { attempts: 2 }) })).rejects.toMatchObject({ status: 502 });
    expect(visits()).toEqual([1, 1, 0]);
  });

  it('are no more once the time of the route is over', async () => {
    world = await createWorld([[{ ...failing(500), headersAfterMs: 120 }], [good]]);
    await expect(ask({ route: routeTo(world.targets, { budgetMs: 100 }) })).rejects.toMatchObject({ status: 502 });
    expect(visits()).toEqual([1, 0]);
  });

  it.each([
    ['a mistake of the request', failing(400, {}, { param: 'top_p' }), 'upstream-refused', 400],
    ['one that the server cannot process', failing(422), 'upstream-refused', 400],
    ['a prompt that is too long', failing(400, {}, { code: 'context_length_exceeded' }), 'context-too-long', 400],
  ])('are not asked again after %s, which counts against none', async (_, reply, type, status) => {
    world = await createWorld([[reply], [good]]);
    await expect(ask()).rejects.toMatchObject({ type, status });
    expect(visits()).toEqual([1, 0]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'success' }]);
  });

  it('of a larger context are asked where the route says so', async () => {
    world = await createWorld([[failing(400, {}, { code: 'context_length_exceeded' })], [good]]);
    const answer = await ask({ route: routeTo(world.targets, { on: ['context'] }) });
    expect(answer.target.name).toBe('t2');
  });

  it('are not asked again for failures that the route does not name', async () => {
    world = await createWorld([[failing(500)], [good]]);
    await expect(ask({ route: routeTo(world.targets, { on: ['429'] }) })).rejects.toMatchObject({ status: 502 });
    expect(visits()).toEqual([1, 0]);
  });

  it('that cannot be reached count, and the next is asked', async () => {
    world = await createWorld([[good]]);
    const [second] = world.targets;
    const targets = [targetAt({ baseUrl: 'http://127.0.0.1:1/v1' }, { name: 'gone' }), ...(second ? [second] : [])];
    expect((await ask({ targets, route: routeTo(targets) })).target.name).toBe('t1');
    expect(world.reports[0]).toMatchObject({ outcome: 'failed', status: undefined, code: 'ECONNREFUSED' });
    expect(world.memory.ends[0]).toMatchObject({ outcome: 'failure' });
  });

  it('that fail again and again are left alone, until all are: then a caller is told when to come back', async () => {
    world = await createWorld([[failing(500)], [failing(500)]], { breaker: { failures: 1 } });
    await expect(ask()).rejects.toMatchObject({ type: 'upstream-failed' });
    const problem = await problemOf(ask());
    expect(problem).toMatchObject({ type: 'all-targets-away', status: 503, parameters: { seconds: 8 } });
    expect(problem.headers).toEqual({ 'Retry-After': '8' });
    expect(visits()).toEqual([1, 1]);
  });

  it('are waited for when their only key is in use', async () => {
    world = await createWorld([[{ ...good, headersAfterMs: 100 }]], {
      target: { keys: [{ id: 'k', secret: 's', weight: 1, concurrency: 1 }] },
    });
    const first = ask();
    await expect(ask()).rejects.toMatchObject({ type: 'all-targets-away' });
    await first;
  });

  it('that can do what is asked are asked, and none for what no target can do', async () => {
    world = await createWorld([[good], [good]]);
    const [first, second] = world.targets;
    const targets = [{ ...first, can: ['chat'] }, second];
    const tools = { ...bodyOf(false), tools: [{ type: 'function', function: { name: 'f' } }] };
    expect((await ask({ targets, body: tools })).target.name).toBe('t2');
    const image = { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] };
    await expect(ask({ targets, body: image })).rejects.toMatchObject({
      type: 'unsupported-parameter',
      parameters: { parameter: 'messages' },
    });
    expect(visits()).toEqual([0, 1]);
  });

  it('that cannot do all are asked without it where the route drops, after those that can', async () => {
    const tools = { tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'auto' };
    world = await createWorld([[failing(500)], [good]]);
    const [first, second] = world.targets;
    const targets = [{ ...second, can: ['chat'] }, first] as Target[];
    const dropped: string[] = [];
    const answer = await ask({
      targets,
      route: { ...routeTo(targets), drop: true },
      body: { ...bodyOf(false), ...tools },
      onDrop: (name: string) => dropped.push(name),
    });
    expect(answer.target.name).toBe('t2');
    expect(dropped).toEqual(['tools']);
    const [full, partly] = world.servers.map((server) => JSON.parse(String(server.visits[0]?.body)));
    expect(full).toMatchObject(tools);
    expect(partly).toEqual({ ...bodyOf(false), model: 'model-t2' });
  });

  it('of another format are each asked without what it cannot say, where the route drops', async () => {
    world = await createWorld([[failing(500)], [good]]);
    const blocks = [{ type: 'search_result' }, { type: 'text', text: 'hi' }];
    const body = { model: 'default', max_tokens: 9, messages: [{ role: 'user', content: blocks }] };
    const foreign = { dialect: messagesDialect, body };
    await expect(ask(foreign)).rejects.toMatchObject({ type: 'unsupported-parameter' });
    const dropped: string[] = [];
    const onDrop = (name: string) => dropped.push(name);
    await ask({ ...foreign, route: { ...routeTo(world.targets), drop: true }, onDrop });
    expect(new Set(dropped)).toEqual(new Set(['messages[0].content[0].type']));
    const asked = world.servers.map((server) => JSON.parse(String(server.visits[0]?.body)).messages);
    expect(asked).toEqual([[{ role: 'user', content: 'hi' }], [{ role: 'user', content: 'hi' }]]);
  });

  it('that cannot say a parameter are passed over, without an attempt', async () => {
    let calls = 0;
    world = await createWorld([[good], [good]], {
      adapter: {
        async chat(_, body, call) {
          calls += 1;
          if (calls === 1 || calls > 2) throw new Problem(unsupportedParameter, { parameters: { parameter: 'seed' } });
          return { method: 'POST', url: `${call.provider.baseUrl}/x`, headers: {}, body: JSON.stringify(body) };
        },
      },
    });
    expect((await ask()).target.name).toBe('t2');
    expect(world.reports).toMatchObject([{ attempt: 1, target: { name: 't2' } }]);
    await expect(ask()).rejects.toMatchObject({ type: 'unsupported-parameter' });
    expect(world.memory.inUse()).toBe(0);
  });
});

describe('keys', () => {
  const two = { target: { keys: keys('k1', 'k2') } };

  it.each([
    ['refused', 401, {}, { park: true }],
    ['without money', 402, {}, { park: true }],
    ['at its cap', 429, { code: 'insufficient_quota' }, { park: true }],
    ['used too often', 429, {}, { cooldownMs: 3_000 }],
  ])('that are %s give way to the next one of the target at once', async (_, status, error, end) => {
    const headers = { 'retry-after': '3' };
    world = await createWorld([[failing(status, headers, error), good], [good]], two);
    expect((await ask()).target.name).toBe('t1');
    expect([keyOf(0, 0), keyOf(0, 1)]).toEqual(['Bearer sk-k1', 'Bearer sk-k2']);
    expect(world.memory.ends).toMatchObject([{ key: 'k1', outcome: 'abandoned', ...end }, { key: 'k2' }]);
    await ask();
    expect(keyOf(0, 2)).toBe('Bearer sk-k2');
  });

  it('leave an attempt for the next target', async () => {
    world = await createWorld([[failing(401)], [good]], { target: { keys: keys('k1', 'k2', 'k3', 'k4') } });
    expect((await ask()).target.name).toBe('t2');
    expect(visits()).toEqual([2, 1]);
  });

  it('are left alone for longer each time where the upstream does not say how long', async () => {
    world = await createWorld([[failing(429)]]);
    world.memory.state.begin = async (target) => ({
      key: target.keys[0] ?? expect.fail(),
      isProbe: false,
      end: (how) => world.memory.ends.push({ target: '', key: '', ...how }),
    });
    for (let n = 0; n < 8; n += 1) await ask().catch(() => {});
    expect(world.memory.ends.map(({ cooldownMs }) => (cooldownMs ?? 0) / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('are left alone for a day at most, whatever the upstream asks for', async () => {
    world = await createWorld([[failing(429, { 'retry-after': '999999999' })]]);
    await ask().catch(() => {});
    expect(world.memory.ends).toMatchObject([{ cooldownMs: 86_400_000 }]);
  });

  it('that are refused say nothing of the key to the caller', async () => {
    world = await createWorld([[failing(401)]]);
    const problem = await problemOf(ask());
    expect(problem.type).toBe('upstream-failed');
    expect(JSON.stringify(problem)).not.toContain('sk-secret');
  });

  it('that were exchanged for something expired are renewed once', async () => {
    let renewals = 0;
    world = await createWorld(
      [[failing(401, {}, { code: 'token_expired' }), good, failing(401, {}, { code: 'token_expired' })]],
      {
        adapter: {
          async renew() {
            renewals += 1;
          },
        },
      },
    );
    expect(await textOf(await ask())).toContain('yes');
    expect([renewals, visits(), world.reports.length]).toEqual([1, [2], 1]);
    await expect(ask()).rejects.toMatchObject({ type: 'upstream-failed' });
    expect([renewals, visits()]).toEqual([2, [4]]);
    expect(world.memory.ends.at(-1)).toMatchObject({ park: true });
  });
});
