import { setTimeout as sleep } from 'node:timers/promises';
import { pandectJson } from '../tests/support/platform.ts';
import { memoryOf, processesIn } from '../tests/support/processes.ts';
import { median, megabytes, spread, times } from './support/figures.ts';
import { type BenchPlatform, withPlatform } from './support/platform.ts';
import { bareProcess, startProcess } from './support/processes.ts';
import type { Bench, Row } from './support/table.ts';

const SETTLE_MS = 10_000;
const SAMPLES = 3;
const AIM_MB = 900;

export const idle: Bench = {
  name: 'idle',
  about: 'memory of the whole idle platform, PostgreSQL, Redis, Caddy and supervisor included',
  run: () =>
    withPlatform(async (platform) => {
      await sleep(SETTLE_MS);
      const names = await namesByPid(platform);
      const samples: Map<string, number[]>[] = [];
      for (let sample = 0; sample < SAMPLES; sample++) {
        samples.push(await memoryByName(platform, names));
        await sleep(1_000);
      }
      const bare = await startProcess(platform, await bareProcess(platform));
      await sleep(1_000);
      const baseline = await memoryOf(bare.pid);
      await bare.stop();

      const last = samples.at(-1) as Map<string, number[]>;
      const rows = [...last].map(
        ([name, bytes]): Row => ({ process: name, count: bytes.length, ...memoryCells(sum(bytes), baseline) }),
      );
      const count = [...last.values()].flat().length;
      const totals = samples.map((sample) => sum([...sample.values()].flat()));
      const total = median(totals);
      rows.push({ process: 'total', count, ...memoryCells(total, baseline) });
      return {
        title: 'The whole platform, idle',
        rows,
        aims: [
          {
            what: 'memory with everything running',
            aim: `< ${AIM_MB} MB`,
            reached: `${spread(totals.map(megabytes))} MB in ${count} processes`,
            met: megabytes(total) < AIM_MB,
          },
        ],
        notes: [
          `A bare Hono process next to it: ${megabytes(baseline)} MB. Memory is PSS, ${SETTLE_MS / 1000} s after the start.`,
        ],
      };
    }),
};

const memoryCells = (bytes: number, baseline: number) => ({
  'PSS, MB': megabytes(bytes),
  'of a bare process': times(bytes / baseline),
});

async function namesByPid(platform: BenchPlatform): Promise<Map<number, string>> {
  const { value } = await pandectJson<{ name: string; kind: string; pid: number }[]>(platform, 'ps');
  return new Map(value.map(({ name, kind, pid }) => [pid, kind === 'service' ? name : `${name} (${kind})`]));
}

/** Connections and helpers of PostgreSQL are many and alike; they share two rows. */
async function memoryByName(
  platform: BenchPlatform,
  names: ReadonlyMap<number, string>,
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  const processes = [{ pid: platform.pid, command: 'supervisor' }, ...(await processesIn(platform.folders))];
  for (const { pid, command } of processes) {
    // PostgreSQL's own helpers come and go.
    const bytes = await memoryOf(pid).catch(() => undefined);
    if (bytes === undefined) continue;
    const name = names.get(pid) ?? (command.startsWith('postgres:') ? `postgres: ${kindOfBackend(command)}` : command);
    found.set(name, [...(found.get(name) ?? []), bytes]);
  }
  return found;
}

const kindOfBackend = (command: string) => (command.includes('_login_') ? 'connections' : 'helpers');

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
