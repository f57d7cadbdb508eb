import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { booksOf } from '../../../modules/commerce/metering/calls/calls.fixture.ts';
import { replayJournals } from '../../../modules/commerce/metering/calls/replay-journals.ts';
import { expireUnits } from '../../../modules/commerce/metering/expire-units.ts';
import { reconcileUsage } from '../../../modules/commerce/metering/reconcile.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { eventStream, jsonReply, sse, startUpstreamServer } from '../../../modules/testing/upstream-server.ts';
import { addKey, chunks, completion } from '../gateway.fixture.ts';
import { caseScenes, configure, environmentOf, hello } from './case-scene.fixture.ts';
import { startGatewayProcess } from './gateway-process.fixture.ts';

const KILLS = 3;
const CALLERS = 6;
/** Tokens of an answer that a call without a limit holds. */
const HELD_OUTPUT = 4_096;
/** What the upstream counts of each prompt; a token of it costs a rouble, one of an answer two. */
const PROMPT = 10;
const costOf = (completion: number) => PROMPT + 2 * completion;

const { database } = await caseScenes();

it('a gateway that is killed under load has charged each call once: as its upstream counted it, or as lost what it held', {
  timeout: 120_000,
}, async () => {
  /** The upstream's own count of each answer that it began. */
  const counted = new Set<number>();
  const upstream = await startUpstreamServer(({ body }) => {
    const answer = counted.size + 1;
    counted.add(answer);
    const { stream } = JSON.parse(body.toString()) as { stream?: boolean };
    // Each answer has a count of its own, by which it is found on the books.
    const usage = { prompt_tokens: PROMPT, completion_tokens: answer, total_tokens: PROMPT + answer };
    const waitMs = Math.random() * 20;
    if (!stream) return { ...jsonReply(completion('Hi', usage)), headersAfterMs: waitMs };
    const events = chunks(['Hi'], usage);
    return eventStream(sse(...events.slice(0, 2)), { waitMs }, sse(...events.slice(2)));
  });
  await configure(database, { first: upstream, second: upstream }, { route: { targets: ['first'] } });
  const folder = await mkdtemp(join(tmpdir(), 'pandect-kills-'));
  const prefix = `case-${crypto.randomUUID()}`;
  const organization = await testOrganization(database);
  const key = await addKey(database, organization.owner);
  /** The upstream's counts of the answers that callers have whole. */
  const had = new Set<number>();
  try {
    const start = () => startGatewayProcess(database, environmentOf(prefix), folder);
    const gateways = await Promise.all(Array.from({ length: KILLS }, start));
    for (const [nth, gateway] of gateways.entries()) {
      let isKilled = false;
      const call = async (stream: boolean) => {
        const options = stream && { stream, stream_options: { include_usage: true } };
        const { status, text } = await gateway.ask({ ...hello, ...options }, key);
        expect(status).toBe(200);
        const last = stream ? text.trim().split('\n\n').at(-2)?.slice('data: '.length) : text;
        had.add(JSON.parse(last ?? '').usage.completion_tokens);
      };
      const callers = Array.from({ length: CALLERS }, async (_, caller) => {
        for (let calls = 0; !isKilled; calls += 1)
          // A process that is killed takes the calls in progress with it.
          await call((caller + calls) % 2 === 0).catch((error: unknown) => {
            if (!isKilled) throw error;
          });
      });
      await expect.poll(() => had.size, { timeout: 30_000 }).toBeGreaterThan(30 * (nth + 1));
      await sleep(Math.random() * 200);
      isKilled = true;
      await gateway.kill();
      await Promise.all(callers);
    }
    // As a later process of the platform does.
    await replayJournals(database.platform, join(folder, 'calls'), new Date());
    await expireUnits(database.platform, new Date(Date.now() + 3_600_000));
    const books = await booksOf(database, organization.id);
    const rows = books.rows.map(({ request, attempt, outcome, prompt, completion, cost }) => ({
      ...{ request: String(request), attempt, outcome },
      ...{ prompt: Number(prompt), completion: Number(completion), cost: Number(cost) },
    }));
    const of = (outcome: string) => rows.filter((row) => row.outcome === outcome);
    const [settled, lost] = [of('done'), of('lost')];
    // Each call has one row, and nothing but these two kinds came of it.
    expect(new Set(rows.map(({ request }) => request)).size).toBe(rows.length);
    expect(settled.length + lost.length).toBe(rows.length);
    // Settled: at a count of the upstream, each charged once, those that callers have whole among them.
    const counts = new Set(settled.map(({ completion }) => completion));
    expect(counts.size).toBe(settled.length);
    expect([...counts].filter((count) => !counted.has(count))).toEqual([]);
    expect([...had].filter((count) => !counts.has(count))).toEqual([]);
    expect(settled.filter(({ completion, cost }) => cost !== costOf(completion))).toEqual([]);
    // Lost: charged with what it held. What the upstream began and no row was settled at is among them.
    const holds = await database.owner<{ request: string; held: number }[]>`
      select request_id as request, cost::float8 as held from usage_reservations where organization_id = ${organization.id}`;
    const heldBy = new Map(holds.map(({ request, held }) => [request, held]));
    for (const row of lost) {
      expect(row).toMatchObject({ attempt: 1, completion: HELD_OUTPUT, cost: heldBy.get(row.request) });
      expect(row.cost).toBe(row.prompt + 2 * HELD_OUTPUT);
    }
    expect(lost.length).toBeGreaterThanOrEqual(counted.size - settled.length);
    const cutOff = rows.length - had.size;
    expect(cutOff).toBeGreaterThan(0);
    expect(cutOff).toBeLessThanOrEqual(KILLS * CALLERS);
    // So all that was charged is the upstream's sum of those that settled, and what the others held.
    const bySettled = [...counts].reduce((roubles, count) => roubles + costOf(count), 0);
    const byLost = lost.reduce((roubles, { request }) => roubles + (heldBy.get(request) ?? Number.NaN), 0);
    expect(Number(books.cost)).toBe(bySettled + byLost);
    expect(await reconcileUsage(database.platform)).toEqual([]);
  } finally {
    await upstream.close();
    await rm(folder, { recursive: true });
  }
});
