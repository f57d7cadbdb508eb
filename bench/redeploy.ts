import { setTimeout as sleep } from 'node:timers/promises';
import { change } from '../tests/support/control.ts';
import { addEchoFunction } from '../tests/support/echo-function.ts';
import { pandect } from '../tests/support/platform.ts';
import { startPm2App } from './peers/pm2.ts';
import { median, pairedRatios, quantile, spread, times } from './support/figures.ts';
import { withCopy, withPlatform } from './support/platform.ts';
import { startSteadyLoad, type Visit } from './support/steady-load.ts';
import type { Bench, Row, Table } from './support/table.ts';

const CONNECTIONS = 50;
const WARM_MS = 300;
const STEADY_MS = 800;
/** After the command and the last answer of the old release. */
const SETTLE_MS = 300;
const AIM_MS = 1_000;
const AIM_P99 = 2;

/** A load, and how often each subject is redeployed under it. */
const loads = [
  { name: '1,000 requests/s', pauseMs: CONNECTIONS, rounds: 10 },
  { name: 'as fast as it answers', pauseMs: 0, rounds: 5 },
];

interface Subject {
  name: string;
  url: string;
  write(version: string): Promise<void>;
  /** The command; resolves when it has ended. @throws when it fails */
  replace(): Promise<void>;
}

/** What one redeploy was like for the clients; milliseconds. */
interface Round {
  requests: number;
  failures: string[];
  /** From the command to the last answer of the old release. */
  switched: number;
  /** From the command to its end. */
  ended: number;
  steady: { p50: number; p99: number };
  during: { p50: number; p99: number };
}

export const redeploy: Bench = {
  name: 'redeploy',
  about: 'a redeploy with changed content under 50 connections, against a reload of PM2',
  run: () =>
    withCopy([], async (copy) => {
      const echo = await addEchoFunction(copy, 'busy');
      return withPlatform(
        async (platform) => {
          const pm2 = await startPm2App(platform);
          const url = platform.url + echo.path;
          const write = (version: string) => echo.write({ version });
          const subjects: Subject[] = [
            {
              ...{ name: 'pandect deploy', url, write },
              replace: async () => assertDone(await pandect(platform, 'deploy', echo.name, '--watch', '0')),
            },
            {
              ...{ name: 'the same over the control socket', url, write },
              async replace() {
                const { ok, events } = await change(platform, 'deploy', { units: [echo.name], watch: 0 });
                if (!ok) throw new Error(`Deploy: ${JSON.stringify(events)}`);
              },
            },
            { ...pm2, name: 'pm2 reload, behind the same Caddy', url: pm2.behindEdge, replace: pm2.reload },
            { ...pm2, name: 'pm2 reload, without Caddy', url: pm2.direct, replace: pm2.reload },
          ];
          // The first of each starts what lingers: PM2's daemon has warmed, so has the builder.
          for (const subject of subjects) await measure(subject, loads[0] as (typeof loads)[number]);
          const results: { load: string; subject: string; rounds: Round[] }[] = [];
          for (const load of loads) {
            const mine = subjects.map(({ name }) => ({ load: load.name, subject: name, rounds: [] as Round[] }));
            for (let round = 0; round < load.rounds; round++) {
              for (const [index, subject] of subjects.entries()) {
                mine[index]?.rounds.push(await measure(subject, load));
              }
            }
            results.push(...mine);
          }
          return tableOf(results, pm2.release);
        },
        { root: copy.root },
      );
    }),
};

let counter = 0;

async function measure({ name, url, write, replace }: Subject, { pauseMs }: { pauseMs: number }): Promise<Round> {
  const version = `version ${++counter}`;
  await write(version);
  const load = startSteadyLoad({ url, connections: CONNECTIONS, pauseMs });
  await sleep(WARM_MS + STEADY_MS);
  const began = performance.now();
  await replace();
  const ended = performance.now();
  await sleep(SETTLE_MS);
  const visits = await load.stop();
  const isNew = (visit: Visit) => visit.version === version;
  if (!visits.slice(-CONNECTIONS).every((visit) => isNew(visit) || visit.failure !== undefined)) {
    throw new Error(`Redeploy by ${name}: the command ended, and the old release still answers`);
  }
  const old = visits.filter((visit) => visit.version !== undefined && !isNew(visit));
  const switched = Math.max(...old.map((visit) => visit.ended));
  const steady = visits.filter((visit) => visit.began >= began - STEADY_MS && visit.ended < began);
  const during = visits.filter((visit) => visit.ended >= began && visit.began <= Math.max(switched, ended));
  return {
    requests: visits.length,
    failures: visits.flatMap(({ failure }) => failure ?? []),
    switched: switched - began,
    ended: ended - began,
    steady: latencies(steady),
    during: latencies(during),
  };
}

function latencies(visits: readonly Visit[]): Round['steady'] {
  const values = visits.map(({ began, ended }) => ended - began);
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

function assertDone({ status, stdout, stderr }: Awaited<ReturnType<typeof pandect>>): void {
  if (status !== 0) throw new Error(`Deploy: status ${status}\n${stdout}\n${stderr}`);
}

function tableOf(results: readonly { load: string; subject: string; rounds: Round[] }[], pm2: string): Table {
  const p99Ratio = (rounds: readonly Round[]) =>
    median(
      pairedRatios(
        rounds.map(({ during }) => during.p99),
        rounds.map(({ steady }) => steady.p99),
      ),
    );
  const failed = (rounds: readonly Round[]) => rounds.flatMap(({ failures }) => failures);
  const rows = results.map(({ load, subject, rounds }): Row => {
    const of = (pick: (round: Round) => number, decimals = 0) => spread(rounds.map(pick), decimals);
    return {
      load,
      redeploy: subject,
      times: rounds.length,
      failed: failed(rounds).length,
      requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
      'all traffic on the new release, ms': of(({ switched }) => switched),
      'command ended, ms': of(({ ended }) => ended),
      'p50 steady, ms': of(({ steady }) => steady.p50, 1),
      'p50 during, ms': of(({ during }) => during.p50, 1),
      'p99 steady, ms': of(({ steady }) => steady.p99, 1),
      'p99 during, ms': of(({ during }) => during.p99, 1),
      'p99 ratio': times(p99Ratio(rounds)),
    };
  });
  const aims = results
    .filter(({ subject }) => !subject.startsWith('pm2'))
    .flatMap(({ load, subject, rounds }) => {
      const what = `${subject}, ${load}`;
      const switched = rounds.map((round) => round.switched);
      return [
        {
          what: `failed requests, ${what}`,
          ...{ aim: '0', reached: String(failed(rounds).length), met: failed(rounds).length === 0 },
        },
        {
          what: `from the command to all traffic on the new release, ${what}`,
          ...{ aim: `< ${AIM_MS} ms`, reached: `${spread(switched)} ms`, met: median(switched) < AIM_MS },
        },
        {
          what: `p99 during against steady, ${what}`,
          ...{ aim: `≤ ${AIM_P99}×`, reached: times(p99Ratio(rounds)), met: p99Ratio(rounds) <= AIM_P99 },
        },
      ];
    });
  const kinds = new Map<string, number>();
  for (const { subject, rounds } of results) {
    for (const failure of failed(rounds)) {
      const kind = `${subject}: ${failure.slice(0, 60)}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return {
    title: `A redeploy with changed content, ${CONNECTIONS} connections, half GET and half POST`,
    rows,
    aims,
    notes: [
      `Pandect's times include the build. PM2 ${pm2} builds nothing: one process in cluster mode with wait_ready, which finishes its requests at SIGINT.`,
      'Load generator, Caddy, command line, build and both processes of the function share the same cores. Subjects take turns.',
      ...[...kinds].map(([kind, count]) => `Failed ${count}×, ${kind}`),
    ],
  };
}
