import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, createAccount } from '../tests/support/http/client.ts';
import { memoryOf } from '../tests/support/processes.ts';
import { median, megabytes, pairedRatios, spread, times } from './support/figures.ts';
import { askMany, type Call } from './support/load.ts';
import { type BenchPlatform, liftPlans, withPlatform } from './support/platform.ts';
import { bareProcess, cacheFolder, runningFunction, type Startable, startProcess } from './support/processes.ts';
import type { Bench, Row } from './support/table.ts';

const ROUNDS = 5;
const REQUESTS = 10_000;
const IDLE_MS = 5_000;

const measures = ['first', 'later', 'idle', 'used'] as const;
type Measure = (typeof measures)[number];
/** Milliseconds that a start of the gateway may take longer than one of `usage`. */
const GATEWAY_START_MS = 10;
const limits: Record<Measure, number> = { first: 2.5, later: 2.5, idle: 1.5, used: 1.5 };
const labels: Record<Measure, string> = {
  first: 'spawn to ready, ms, compile cache empty',
  later: 'spawn to ready, ms, compile cache filled',
  idle: 'memory idle, MB',
  used: `memory, MB, after ${REQUESTS.toLocaleString('en')}`,
};

/** A figure as it is shown, and how often it holds the baseline's. */
interface Pair {
  own: string | number;
  baseline: string | number;
  ratio: number;
}

interface Subject {
  name: string;
  call: Call;
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
    { name: 'gateway', label: 'GET /v1/models', call: { url: url('/v1/models'), headers } },
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
      const ratios: Record<Measure, number[]> = { first: [], later: [], idle: [], used: [] };
      const starts = new Map<string, number>();
      for (const subject of subjects(account)) {
        const startable = await runningFunction(platform, subject.name);
        const memory = await memories(platform, startable, bare, subject);
        const first = await startTimes(platform, startable, bare, 'empty');
        const later = await startTimes(platform, startable, bare, 'filled');
        const found: Record<Measure, Pair> = { first, later, ...memory };
        starts.set(subject.name, later.medianMs);
        for (const measure of measures) {
          const { own, baseline, ratio } = found[measure];
          ratios[measure].push(ratio);
          const measured = measure === 'used' ? `${labels.used} ${subject.label}` : labels[measure];
          rows.push({ function: subject.name, measured, own, 'bare Hono': baseline, ratio: times(ratio) });
        }
      }
      const more = Math.round((starts.get('gateway') ?? Number.NaN) - (starts.get('usage') ?? Number.NaN));
      return {
        title: 'Start and memory of a function process',
        rows,
        aims: [
          ...measures.map((measure) => ({
            what: labels[measure],
            aim: `≤ ${limits[measure]}×`,
            reached: ratios[measure].map(times).join(', '),
            met: Math.max(...ratios[measure]) <= limits[measure],
          })),
          {
            what: 'start of gateway above that of usage, compile cache filled',
            aim: `≤ ${GATEWAY_START_MS} ms`,
            reached: `${more} ms`,
            met: more <= GATEWAY_START_MS,
          },
        ],
        notes: [
          'Both processes are bundled, flagged, started and probed alike, by turns, next to a whole running platform; memory is PSS.',
        ],
      };
    }),
};

/** By turns the one and the other; each start is from spawn to the first good answer of the probe. */
async function startTimes(
  platform: BenchPlatform,
  own: Startable,
  bare: Startable,
  compileCache: 'empty' | 'filled',
): Promise<Pair & { medianMs: number }> {
  const once = async (startable: Startable, cache: string | undefined): Promise<number> => {
    const instance = await startProcess(platform, startable, cache);
    await instance.stop();
    return instance.startMs as number;
  };
  const caches: string[] = [];
  if (compileCache === 'filled') {
    for (const startable of [bare, own]) {
      const cache = await cacheFolder(platform.folders);
      await once(startable, cache);
      caches.push(cache);
    }
  }
  const figures = { own: [] as number[], bare: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    figures.bare.push(await once(bare, caches[0]));
    figures.own.push(await once(own, caches[1]));
  }
  const ratio = median(pairedRatios(figures.own, figures.bare));
  return { own: spread(figures.own), baseline: spread(figures.bare), ratio, medianMs: median(figures.own) };
}

/** Of the function and of the bare process: some seconds after the start, and after many requests. */
async function memories(
  platform: BenchPlatform,
  own: Startable,
  bare: Startable,
  { call }: Subject,
): Promise<Record<'idle' | 'used', Pair>> {
  const [mine, base] = [await startProcess(platform, own), await startProcess(platform, bare)];
  const compare = async (): Promise<Pair> => {
    const [bytes, baseline] = [await memoryOf(mine.pid), await memoryOf(base.pid)];
    return { own: megabytes(bytes), baseline: megabytes(baseline), ratio: bytes / baseline };
  };
  await sleep(IDLE_MS);
  const idle = await compare();
  const options = { connections: 10, amount: REQUESTS };
  await askMany(mine.socket, call, options);
  await askMany(base.socket, { url: 'http://localhost/api/bare' }, options);
  await sleep(IDLE_MS);
  const used = await compare();
  await Promise.all([mine.stop(), base.stop()]);
  return { idle, used };
}
