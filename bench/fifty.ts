import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRow } from '../platform/supervisor/control/contract.ts';
import { ask } from '../tests/support/control.ts';
import { addEchoFunction } from '../tests/support/echo-function.ts';
import { memoryOf, processesIn } from '../tests/support/processes.ts';
import { until } from '../tests/support/until.ts';
import { megabytes, times } from './support/figures.ts';
import { type BenchPlatform, withCopy, withPlatform } from './support/platform.ts';
import { processorMs } from './support/process-figures.ts';
import { visit } from './support/steady-load.ts';
import type { Bench, Row } from './support/table.ts';

const FUNCTIONS = 50;
const SETTLE_MS = 5_000;
const WATCH_MS = 15_000;
/** Long enough that the first one has not fallen asleep when the last one was watched. */
const IDLE_SECONDS = 60;
const AIM_MB = 80;
const AIM_CPU = 1;
const AIM_SLEEPING_MB = 50;

/** A platform at rest; bytes, and percent of a core. */
interface Rest {
  supervisor: number;
  caddy: number;
  total: number;
  processes: number;
  cpu: number;
}

export const fifty: Bench = {
  name: 'fifty',
  about: `memory and processor time of a platform at rest with ${FUNCTIONS} functions, awake and asleep, against one function`,
  async run() {
    const [alone] = await measure(1, {}, []);
    const [awake] = await measure(FUNCTIONS, {}, []);
    const [drowsy, asleep] = await measure(FUNCTIONS, { instances: { min: 0, max: 1 }, idle: IDLE_SECONDS }, [
      'asleep',
    ]);
    const base = alone as Rest;
    const row = (functions: string, rest: Rest): Row => ({
      functions,
      'supervisor PSS, MB': megabytes(rest.supervisor),
      'of one function': times(rest.supervisor / base.supervisor),
      'supervisor, % of a core': rest.cpu.toFixed(2),
      'Caddy PSS, MB': megabytes(rest.caddy),
      'whole platform PSS, MB': megabytes(rest.total),
      processes: rest.processes,
    });
    const rests = { awake: awake as Rest, 'awake, may sleep': drowsy as Rest, asleep: asleep as Rest };
    const cost = rests.asleep.total - base.total;
    return {
      title: `A platform at rest with ${FUNCTIONS} functions`,
      rows: [row('1 awake', base), ...Object.entries(rests).map(([state, rest]) => row(`${FUNCTIONS} ${state}`, rest))],
      aims: [
        ...Object.entries(rests).flatMap(([state, { supervisor, cpu }]) => [
          {
            what: `supervisor's memory with ${FUNCTIONS} functions ${state}`,
            aim: `≤ ${AIM_MB} MB`,
            reached: `${megabytes(supervisor)} MB`,
            met: megabytes(supervisor) <= AIM_MB,
          },
          {
            what: `supervisor's processor time with ${FUNCTIONS} functions ${state}`,
            aim: `< ${AIM_CPU} % of a core`,
            reached: `${cpu.toFixed(2)} %`,
            met: cpu < AIM_CPU,
          },
        ]),
        {
          what: `memory of ${FUNCTIONS} sleeping functions together`,
          aim: `< ${AIM_SLEEPING_MB} MB`,
          reached: `${megabytes(cost)} MB, of which supervisor ${megabytes(rests.asleep.supervisor - base.supervisor)} MB and Caddy ${megabytes(rests.asleep.caddy - base.caddy)} MB, next to one function that is awake`,
          met: megabytes(cost) < AIM_SLEEPING_MB,
        },
      ],
      notes: [
        `No request comes. Each platform rests ${SETTLE_MS / 1000} s; processor time is that of the next ${WATCH_MS / 1000} s. The bundler, which is still there for a while, is not counted.`,
        'The platforms run one after the other. Memory is PSS, that of the whole platform includes PostgreSQL and Redis.',
      ],
    };
  },
};

/** @param later states that are waited for, and measured too, after the first measurement, when all are awake */
async function measure(
  count: number,
  manifest: Parameters<typeof addEchoFunction>[2],
  later: readonly string[],
): Promise<Rest[]> {
  return withCopy([], async (copy) => {
    const paths: string[] = [];
    for (let index = 0; index < count; index++) {
      paths.push((await addEchoFunction(copy, `small-${index}`, manifest)).path);
    }
    return withPlatform(
      async (platform) => {
        for (const path of paths) {
          const { failure } = await visit(false, platform.url + path);
          if (failure !== undefined) throw new Error(`Ask "${path}": ${failure}`);
        }
        const rests: Rest[] = [];
        for (const state of ['ready', ...later]) {
          await until(`all functions to be ${state}`, async () => (await areAll(platform, state)) || undefined, 120);
          await sleep(SETTLE_MS);
          rests.push(await restOf(platform));
          if (!(await areAll(platform, state))) throw new Error(`Rest: some functions were no longer ${state}`);
        }
        return rests;
      },
      { root: copy.root },
    );
  });
}

async function areAll(platform: BenchPlatform, wanted: string): Promise<boolean> {
  const rows = JSON.parse(await ask(platform, 'GET', '/ps')) as ProcessRow[];
  return rows.every(({ kind, state }) => kind !== 'function' || state === wanted);
}

async function restOf(platform: BenchPlatform): Promise<Rest> {
  const [before, began] = [await processorMs([platform.pid]), performance.now()];
  await sleep(WATCH_MS);
  const cpu = (((await processorMs([platform.pid])) - before) / (performance.now() - began)) * 100;
  const processes = [{ pid: platform.pid, command: 'supervisor' }, ...(await processesIn(platform.folders))];
  const sizes = await Promise.all(
    processes.map(async ({ pid, command }) => ({
      command,
      // PostgreSQL's own helpers come and go.
      bytes: await memoryOf(pid).catch(() => 0),
    })),
  );
  const sum = (of: (command: string) => boolean) =>
    sizes.filter(({ command }) => of(command)).reduce((total, { bytes }) => total + bytes, 0);
  return {
    supervisor: await memoryOf(platform.pid),
    caddy: sum((command) => /(^|\/)caddy /.test(command)),
    total: sum(() => true),
    processes: processes.length,
    cpu,
  };
}
