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

const { database } = await caseScenes();

it('a gateway that is killed under load has charged exactly what its upstream counted of every answer that came', {
  timeout: 120_000,
}, async () => {
  let answers = 0;
  const upstream = await startUpstreamServer(({ body }) => {
    answers += 1;
    const { stream } = JSON.parse(body.toString()) as { stream?: boolean };
    // Each answer has a count of its own, by which it is found on the books.
    const usage = { prompt_tokens: 10, completion_tokens: answers, total_tokens: 10 + answers };
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
        const counted = stream ? text.trim().split('\n\n').at(-2)?.slice('data: '.length) : text;
        had.add(JSON.parse(counted ?? '').usage.completion_tokens);
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
    const { rows, cost } = await booksOf(database, organization.id);
    const counts = rows.map(({ completion: count }) => Number(count));
    const costs = new Map(rows.map((row) => [Number(row.completion), Number(row.cost)]));
    expect([...had].filter((count) => costs.get(count) !== 10 + 2 * count)).toEqual([]);
    for (const count of had) expect(counts.filter((other) => other === count)).toHaveLength(1);
    // A call that was cut off is charged with what it held, or as counted where its end was known in time.
    const others = rows.filter(({ completion: count }) => !had.has(Number(count)));
    expect(others.length).toBeLessThanOrEqual(KILLS * CALLERS);
    for (const { outcome, completion: count, prompt, cost: charged } of others) {
      // Of a lost call only the sum of its tokens is known, as those of a prompt.
      const roubles = outcome === 'lost' ? Number(prompt) + HELD_OUTPUT : 10 + 2 * Number(count);
      expect([outcome, Number(charged)]).toEqual([expect.toBeOneOf(['lost', 'done']), roubles]);
    }
    const sum = rows.reduce((roubles, row) => roubles + Number(row.cost), 0);
    expect(Number(cost)).toBe(sum);
    expect(await reconcileUsage(database.platform)).toEqual([]);
  } finally {
    await upstream.close();
    await rm(folder, { recursive: true });
  }
});
