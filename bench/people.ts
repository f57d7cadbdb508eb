import { setTimeout as sleep } from 'node:timers/promises';
import { rowsOf } from '../tests/support/control.ts';
import { gatherPeople, type Person } from '../tests/support/load/gather-people.ts';
import { createAgent, describeFailures, type LoopResult, openLoop } from '../tests/support/load/open-loop.ts';
import { type Kind, kinds, MIX, requestOf } from '../tests/support/load/request-of-person.ts';
import { quantile } from './support/figures.ts';
import { type BenchPlatform, liftPlans, withPlatform } from './support/platform.ts';
import { processorMs, withChildren } from './support/process-figures.ts';
import type { Bench, Row } from './support/table.ts';

const LEVELS = (process.env.PEOPLE_BENCH ?? '200,1000,2000').split(',').map(Number);
const SECONDS = Number(process.env.PEOPLE_BENCH_SECONDS ?? 60);
/** Before each level is measured: processes are added in this time. */
const SETTLE_SECONDS = Math.min(20, SECONDS);
const PAUSE_SECONDS = 3;
const GATHERING = { organizations: 20, documents: 3, questions: 2 };
const AIM_MS = { read: 50, search: 200 };

/** Functions that they reach. */
const functions = ['usage', 'documents', 'conversations', 'search'];

export const people: Bench = {
  name: 'people',
  about: 'people who each send a request every three seconds: reads and searches, through Caddy, by an open loop',
  run: () =>
    withPlatform(
      async (platform) => {
        await liftPlans(platform.owner);
        await platform.owner`update subscription_plans set users = 1000000, documents = 100000`;
        const all = await gatherPeople(platform, Math.max(...LEVELS), GATHERING);
        const rows: Row[] = [];
        const found: { count: number; result: LoopResult }[] = [];
        for (const count of LEVELS) {
          const result = await measure(platform, all.slice(0, count), rows);
          found.push({ count, result });
        }
        const { count, result } = found.at(-1) as (typeof found)[0];
        const p95 = (...of: Kind[]) => quantile(timesOf(result, of), 0.95);
        const reads = p95('limits', 'documents', 'conversations');
        const failed = found.reduce((sum, one) => sum + one.result.failures.length, 0);
        const aim = (what: string, ms: number, limit: number) => ({
          ...{ what: `p95 of ${what}, ${count} people`, aim: `< ${limit} ms`, reached: `${ms.toFixed(1)} ms` },
          met: !result.isOverloaded && ms < limit,
        });
        return {
          title: `People, each with a request every ${PAUSE_SECONDS} s`,
          rows,
          aims: [
            aim('reads', reads, AIM_MS.read),
            aim('searches', p95('search'), AIM_MS.search),
            { what: 'failed requests', aim: '0', reached: String(failed), met: failed === 0 },
          ],
          notes: [
            `${SECONDS} s each, after ${SETTLE_SECONDS} s; times count from when a request was due.`,
            `Of twenty requests ${kinds.map((kind) => `${MIX[kind]} ${kind}`).join(', ')}. Load generator and platform share the cores.`,
          ],
        };
      },
      // Rates as they are by default: all people have the address of this machine.
      { env: { RATE_LIMIT_API_RPS: '10', RATE_LIMIT_PERSON_RPM: '600' } },
    ),
};

async function measure(platform: BenchPlatform, here: readonly Person[], rows: Row[]): Promise<LoopResult> {
  const agent = createAgent();
  const perSecond = here.length / PAUSE_SECONDS;
  const next = (count: number) => requestOf(platform.url, here[count % here.length] as Person, count);
  try {
    await openLoop(agent, next, { perSecond, seconds: SETTLE_SECONDS });
    const before = await processorMs(await withChildren(platform.pid));
    const result = await openLoop(agent, next, { perSecond, seconds: SECONDS });
    const used = (await processorMs(await withChildren(platform.pid))) - before;
    const processes = await Promise.all(functions.map(async (name) => (await rowsOf(platform, name)).length));
    for (const kind of kinds) {
      const times = timesOf(result, [kind]);
      rows.push({
        people: here.length,
        'requests/s': Math.round(perSecond),
        what: kind,
        'p50, ms': quantile(times, 0.5).toFixed(1),
        'p95, ms': quantile(times, 0.95).toFixed(1),
        'p99, ms': quantile(times, 0.99).toFixed(1),
        failed: result.failures.length,
        processes: functions.map((name, index) => `${name} ${processes[index]}`).join(', '),
        'processor, ms a request': (used / Math.max(1, result.answers.length)).toFixed(2),
      });
    }
    if (result.failures.length > 0) console.error(`Ask as ${here.length} people: ${describeFailures(result.failures)}`);
    await sleep(1_000);
    return result;
  } finally {
    agent.destroy();
  }
}

const timesOf = ({ answers }: LoopResult, of: readonly Kind[]): number[] =>
  answers.flatMap(({ kind, whole }) => (of.includes(kind as Kind) ? [whole] : []));
