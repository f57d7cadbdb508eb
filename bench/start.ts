import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, createAccount } from '../tests/support/client.ts';
import { memoryOf } from '../tests/support/processes.ts';
import { median, megabytes, pairedRatios, spread, times } from './figures.ts';
import { type LoadOptions, load } from './load.ts';
import { type BenchPlatform, liftPlans, withPlatform } from './platform.ts';
import { bareProcess, cacheFolder, runningFunction, type Startable, startProcess } from './processes.ts';
import type { Bench, Row, Table } from './table.ts';

const ROUNDS = 5;
const REQUESTS = 10_000;
const IDLE_MS = 3_000;

interface Subject {
  name: string;
  call: Pick<LoadOptions, 'url' | 'method' | 'headers' | 'json'>;
  label: string;
}

/** Which request each function is asked 10,000 times. */
function subjects({ session }: Account): Subject[] {
  const headers = { authorization: `Bearer ${session.accessToken}` };
  const url = (path: string) => `http://localhost${path}`;
  return [
    { name: 'health', label: 'GET /health', call: { url: url('/health') } },
    { name: 'auth', label: 'GET /.well-known/jwks.json', call: { url: url('/.well-known/jwks.json') } },
    { name: 'usage', label: 'GET /api/limits', call: { url: url('/api/limits'), headers } },
    {
      name: 'ask',
      label: 'POST /api/ask',
      call: { url: url('/api/ask'), method: 'POST', headers, json: { question: 'What is the rent?' } },
    },
  ];
}

export const start: Bench = {
  name: 'start',
  about: 'a function process from spawn to ready, and its memory, against a bare Hono process',
  run: () =>
    withPlatform(async (platform) => {
      await liftPlans(platform.owner);
      const account = await createAccount(platform);
      await account.add('lease.txt', 'The rent is 1,000 euros a month. It is due on the first day of each month.');
      const bare = await bareProcess(platform);
      const rows: Row[] = [];
      const ratios = { cold: [] as number[], warm: [] as number[], idle: [] as number[], used: [] as number[] };
      for (const subject of subjects(account)) {
        const startable = await runningFunction(platform, subject.name);
        const cold = await startTimes(platform, startable, bare, 'cold');
        const warm = await startTimes(platform, startable, bare, 'warm');
        const memory = await memories(platform, startable, bare, subject);
        ratios.cold.push(cold.ratio);
        ratios.warm.push(warm.ratio);
        ratios.idle.push(memory.idle[0] / memory.idle[1]);
        ratios.used.push(memory.used[0] / memory.used[1]);
        rows.push({
          function: subject.name,
          'first start, ms': `${spread(cold.own)} / ${spread(cold.bare)}`,
          ratio: times(cold.ratio),
          'next start, ms': `${spread(warm.own)} / ${spread(warm.bare)}`,
          'ratio ': times(warm.ratio),
          'idle, MB': memory.idle.map(megabytes).join(' / '),
          'ratio  ': times(memory.idle[0] / memory.idle[1]),
          [`after ${REQUESTS.toLocaleString('en')}, MB`]: memory.used.map(megabytes).join(' / '),
          'ratio   ': times(memory.used[0] / memory.used[1]),
          request: subject.label,
        });
      }
      return table(rows, ratios);
    }),
};

function table(rows: Row[], ratios: Record<'cold' | 'warm' | 'idle' | 'used', number[]>): Table {
  const aim = (what: string, values: number[], limit: number) => ({
    what,
    aim: `≤ ${limit}×`,
    reached: values.map(times).join(', '),
    met: Math.max(...values) <= limit,
  });
  return {
    title: 'Start and memory of a function process (function / bare Hono process)',
    rows,
    aims: [
      aim('first start of a release, empty compile cache', ratios.cold, 2.5),
      aim('later start of a release, compile cache filled', ratios.warm, 2.5),
      aim('memory idle', ratios.idle, 1.5),
      aim(`memory after ${REQUESTS} requests`, ratios.used, 1.5),
    ],
    notes: [
      'Both processes are bundled, flagged, started and probed alike, by turns, beside a whole running platform; memory is PSS.',
    ],
  };
}

/** By turns the one and the other; each start is from spawn to the first good answer of the probe. */
async function startTimes(platform: BenchPlatform, own: Startable, bare: Startable, state: 'cold' | 'warm') {
  const figures = { own: [] as number[], bare: [] as number[] };
  const caches = state === 'warm' ? [await cacheFolder(platform.folders), await cacheFolder(platform.folders)] : [];
  const once = async (startable: Startable, cache: string | undefined): Promise<number> => {
    const instance = await startProcess(platform, startable, cache);
    await instance.stop();
    return instance.startMs as number;
  };
  for (const [index, cache] of caches.entries()) await once(index === 0 ? bare : own, cache);
  for (let round = 0; round < ROUNDS; round++) {
    figures.bare.push(await once(bare, caches[0]));
    figures.own.push(await once(own, caches[1]));
  }
  return { ...figures, ratio: median(pairedRatios(figures.own, figures.bare)) };
}

/** Bytes of the function and of the bare process: some seconds after the start, and after many requests. */
async function memories(platform: BenchPlatform, own: Startable, bare: Startable, { call }: Subject) {
  const instances = [await startProcess(platform, own), await startProcess(platform, bare)] as const;
  try {
    await sleep(IDLE_MS);
    const idle = await both(instances);
    const options = { connections: 10, amount: REQUESTS };
    await load({ ...call, ...options, socketPath: instances[0].socket });
    await load({ url: 'http://localhost/api/bare', ...options, socketPath: instances[1].socket });
    await sleep(IDLE_MS);
    return { idle, used: await both(instances) };
  } finally {
    await Promise.all(instances.map((instance) => instance.stop()));
  }
}

const both = async (instances: readonly [{ pid: number }, { pid: number }]): Promise<[number, number]> => [
  await memoryOf(instances[0].pid),
  await memoryOf(instances[1].pid),
];
