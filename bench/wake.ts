import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRow, TopRow, Wake } from '../platform/supervisor/control/contract.ts';
import { ask } from '../tests/support/control.ts';
import { addEchoFunction } from '../tests/support/echo-function.ts';
import { createAccount } from '../tests/support/http/client.ts';
import { until } from '../tests/support/until.ts';
import { spawnedServer } from './peers/bare-server.ts';
import { median, pairedRatios, quantile, times } from './support/figures.ts';
import { type BenchPlatform, withCopy, withPlatform } from './support/platform.ts';
import type { Bench, Row } from './support/table.ts';

const ROUNDS = 40;
/** Functions that no one asks sleep longer than this, and a process that is prepared for one has loaded its code. */
const ASLEEP_MS = 700;
const AIM_COLD_MS = 150;
const AIM_WARM_MS = 50;

const stages = ['queued', 'spawn', 'load', 'ready'] as const;

interface Sleeper {
  name: string;
  path: string;
  headers: Record<string, string>;
}

/** One wake next to the start of a bare process, in milliseconds as the client saw them. */
interface Woken extends Pick<Wake, (typeof stages)[number]> {
  wake: number;
  bare: number;
  fromWarm: boolean;
}

export const wake: Bench = {
  name: 'wake',
  about: 'the first request to a sleeping function, against the start of a bare Node process',
  run: () =>
    withCopy(['auth', 'usage', 'notify'], async (copy) => {
      const sleeping = { instances: { min: 0, max: 1 }, idle: 1 };
      const small = await addEchoFunction(copy, 'small', sleeping);
      await copy.edit(
        'functions/usage/function.ts',
        '  instances: { min: 1, max: 4 },',
        '  instances: { min: 0, max: 1 },\n  idle: 1,',
      );
      return withPlatform(
        async (platform) => {
          const { session } = await createAccount(platform, { tier: 'demo' });
          const sleepers: Sleeper[] = [
            { name: 'small', path: small.path, headers: {} },
            { name: 'usage', path: '/api/limits', headers: { authorization: `Bearer ${session.accessToken}` } },
          ];
          const found = new Map<string, Woken[]>(sleepers.map(({ name }) => [name, []]));
          // The first wake of each fills the compile cache, as it does once after a deploy.
          await allAsleep(platform, sleepers);
          for (const sleeper of sleepers) await wakeUp(platform, sleeper);
          for (let round = 0; round < ROUNDS; round++) {
            await allAsleep(platform, sleepers);
            for (const sleeper of sleepers) found.get(sleeper.name)?.push(await wakeUp(platform, sleeper));
          }
          const groups = [...found].flatMap(([name, wakes]) =>
            [false, true].flatMap((fromWarm) => {
              const own = wakes.filter((woken) => woken.fromWarm === fromWarm);
              return own.length > 0 ? [{ name, fromWarm, own }] : [];
            }),
          );
          return {
            title: 'The first request to a sleeping function, through Caddy',
            rows: groups.map(({ name, fromWarm, own }) => rowOf(name, fromWarm, own)),
            aims: groups.map(({ name, fromWarm, own }) => {
              const [aim, p95] = [
                fromWarm ? AIM_WARM_MS : AIM_COLD_MS,
                quantile(
                  own.map((woken) => woken.wake),
                  0.95,
                ),
              ];
              return {
                what: `p95 of waking \`${name}\`, ${startOf(fromWarm)}`,
                ...{ aim: `≤ ${aim} ms`, reached: `${Math.round(p95)} ms`, met: p95 <= aim },
              };
            }),
            notes: [
              'The bare process is `node -e` with a server of one line, from its spawn to its first answer, after each wake.',
              'There is one warm process, for the function that fell asleep last: of the two that take turns sometimes this one has it, sometimes the other.',
              'Stages are medians of what the supervisor says: until it spawned, until the process began, until its code was loaded, until it was ready.',
            ],
          };
        },
        { root: copy.root },
      );
    }),
};

const startOf = (fromWarm: boolean) => (fromWarm ? 'warm process' : 'new process');

function rowOf(name: string, fromWarm: boolean, own: readonly Woken[]): Row {
  const [wakes, bare] = [own.map((woken) => woken.wake), own.map((woken) => woken.bare)];
  const at = (values: readonly number[], share: number) => Math.round(quantile(values, share));
  return {
    function: name,
    start: startOf(fromWarm),
    wakes: own.length,
    'p50, ms': at(wakes, 0.5),
    'p95, ms': at(wakes, 0.95),
    'p99, ms': at(wakes, 0.99),
    'bare p50, ms': at(bare, 0.5),
    'bare p95, ms': at(bare, 0.95),
    'bare p99, ms': at(bare, 0.99),
    ratio: times(median(pairedRatios(wakes, bare))),
    'queued + spawn + load + ready, ms': stages.map((stage) => median(own.map((woken) => woken[stage]))).join(' + '),
  };
}

async function allAsleep(platform: BenchPlatform, sleepers: readonly Sleeper[]): Promise<void> {
  await until('the functions to be asleep', async () => {
    const rows = JSON.parse(await ask(platform, 'GET', '/ps')) as ProcessRow[];
    const mine = rows.filter((row) => sleepers.some(({ name }) => name === row.name));
    return mine.every(({ state }) => state === 'asleep') || undefined;
  });
  await sleep(ASLEEP_MS);
}

async function wakeUp(platform: BenchPlatform, { name, path, headers }: Sleeper): Promise<Woken> {
  const sent = new Date().toISOString();
  const began = performance.now();
  const response = await fetch(platform.url + path, { headers, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  const took = performance.now() - began;
  if (response.status !== 200) {
    throw new Error(`Wake "${name}": ${response.status} ${text}\n${platform.output().slice(-2_000)}`);
  }
  const measured = await until(`the stages of waking "${name}"`, async () => {
    const rows = JSON.parse(await ask(platform, 'GET', '/top')) as TopRow[];
    return rows.find((row) => row.name === name)?.wakes?.findLast(({ at }) => at >= sent);
  });
  // A process that had begun before it was wanted was prepared.
  return { ...measured, wake: took, fromWarm: measured.spawn === 0, bare: await spawnedServer(platform) };
}
