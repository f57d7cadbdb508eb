import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { booksOf } from '../../../modules/commerce/metering/calls/calls.fixture.ts';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import {
  eventStream,
  jsonReply,
  sse,
  startUpstreamServer,
  type UpstreamReply,
  type UpstreamVisit,
} from '../../../modules/testing/upstream-server.ts';
import { addKey, chunks, completion } from '../gateway.fixture.ts';
import { caseScenes, configure, environmentOf, hello, said, untilIdle } from './case-scene.fixture.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.fixture.ts';

/* Three processes of the gateway share limits, breakers and slots. They are started once, and what the upstream does is set by each test. */

const RESET_MS = 2_000;

const { database } = await caseScenes();
let reply: (visit: UpstreamVisit) => UpstreamReply = () => said;
const upstream = await startUpstreamServer((visit) => reply(visit));
await configure(database, { first: upstream, second: upstream }, { route: { targets: ['first'] } });
const folder = await mkdtemp(join(tmpdir(), 'pandect-gateways-'));
const prefix = `case-${crypto.randomUUID()}`;
const environment = { ...environmentOf(prefix), CIRCUIT_BREAKER_RESET_SECONDS: String(RESET_MS / 1000) };
const processes = await Promise.all([1, 2, 3].map(() => startGatewayProcess(database, environment, folder)));
afterAll(async () => {
  await Promise.all(processes.map((each) => each.kill()));
  await upstream.close();
  await rm(folder, { recursive: true });
});
const nth = (index: number) => processes[index % processes.length] as GatewayProcess;

async function newCaller(columns: Record<string, unknown> = {}, given?: TestOrganization) {
  const organization = given ?? (await testOrganization(database));
  upstream.visits.splice(0);
  return { organization, key: await addKey(database, organization.owner, columns) };
}

describe('three processes', () => {
  it('admit exactly the three calls of twenty at once that a budget has room for', async () => {
    const { organization, key } = await newCaller();
    const body = { ...hello, max_tokens: 100 };
    const prompt = Math.ceil(JSON.stringify(body).length / 4);
    // Each call uses what it held, so that it does not matter when it ends: a rouble for each token of the prompt, two for each of the answer.
    const usage = { prompt_tokens: prompt, completion_tokens: 100, total_tokens: prompt + 100 };
    const cost = prompt + 2 * 100;
    const most = 3 * cost + 10;
    reply = () => jsonReply(completion('Hi', usage));
    await database.owner`
      insert into budgets (organization_id, scope, "window", limit_cost, hard) values (${organization.id}, 'organization', 'month', ${most}, true)`;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => nth(index).ask(body, key)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(refused).toHaveLength(17);
    for (const { text, headers } of refused) {
      expect(JSON.parse(text)).toMatchObject({ error: { type: 'budget_exceeded', code: 'insufficient_quota' } });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(upstream.visits).toHaveLength(3);
    await untilIdle(database, organization, prefix);
    const { spent } = await booksOf(database, organization.id);
    expect(Number(spent)).toBe(3 * cost);
  });

  it('make one call at a time for a key that may have one', async () => {
    const open = eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang');
    reply = () => open;
    const { organization, key } = await newCaller({ concurrency: 1 });
    const asked = { ...hello, stream: true };
    for (const index of [0, 1]) {
      const leaving = new AbortController();
      const begun = Promise.withResolvers<number>();
      const first = nth(index)
        .ask(asked, key, leaving.signal, begun.resolve)
        .catch(() => {});
      expect(await begun.promise).toBe(200);
      const others = await Promise.all([0, 1, 2].map((other) => nth(other).ask(asked, key)));
      expect(others.map(({ status }) => status)).toEqual([429, 429, 429]);
      leaving.abort();
      await first;
      const left = performance.now();
      await untilIdle(database, organization, prefix);
      expect(performance.now() - left).toBeLessThan(2_000);
    }
  });

  it('count neither mistakes of clients nor clients that leave against a target', async () => {
    const { key } = await newCaller();
    reply = () => jsonReply({ error: { message: 'no', type: 'invalid_request_error' } }, 400);
    const mistakes = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => nth(index).ask(hello, key)));
    expect(mistakes.map(({ status }) => status)).toEqual(Array(6).fill(400));
    reply = () => ({ headersAfterMs: 10_000 });
    const leaving = new AbortController();
    const { organization } = await newCaller();
    const asked = [0, 1, 2, 3, 4, 5].map((index) =>
      nth(index)
        .ask(hello, key, leaving.signal)
        .catch(() => {}),
    );
    await expect.poll(() => upstream.visits.length).toBe(6);
    leaving.abort();
    await Promise.all(asked);
    await untilIdle(database, organization, prefix);
    reply = () => said;
    expect((await nth(0).ask(hello, key)).status).toBe(200);
  });

  it('leave a target alone at once after five failures in all, and send it exactly one call when its time is over', async () => {
    const { organization, key } = await newCaller();
    reply = () => jsonReply({ error: { message: 'no' } }, 500);
    const failed = await Promise.all([0, 1, 2, 3, 4].map((index) => nth(index).ask(hello, key)));
    const opened = performance.now();
    expect(failed.map(({ status }) => status)).toEqual(Array(5).fill(502));
    const refused = await Promise.all([0, 1, 2].map((index) => nth(index).ask(hello, key)));
    expect(performance.now() - opened).toBeLessThan(1_500);
    for (const { status, headers } of refused) {
      expect(status).toBe(503);
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(RESET_MS / 1000);
    }
    expect(upstream.visits).toHaveLength(5);
    // Nothing tells when the time of a breaker is over.
    await sleep(opened + RESET_MS + 100 - performance.now());
    reply = () => ({ ...said, headersAfterMs: 500 });
    const probed = await Promise.all(Array.from({ length: 12 }, (_, index) => nth(index).ask(hello, key)));
    expect(probed.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(upstream.visits).toHaveLength(6);
    expect((await nth(1).ask(hello, key)).status).toBe(200);
    await untilIdle(database, organization, prefix);
  });
});
