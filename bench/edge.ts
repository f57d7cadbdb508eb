import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../platform/edge/routes.ts';
import { readPidFile } from '../platform/services/postgres-data.ts';
import { slotPath } from '../platform/supervisor/traffic/socket-path.ts';
import { readUnits, type Unit } from '../platform/supervisor/unit.ts';
import { rowsOf } from '../tests/support/control.ts';
import { createAccount } from '../tests/support/http/client.ts';
import { startSecondEdge } from './peers/second-edge.ts';
import { median, pairedRatios, spread, times } from './support/figures.ts';
import { type LoadResult, load } from './support/load.ts';
import { type BenchPlatform, checkout, withPlatform } from './support/platform.ts';
import { processorMs, withChildren } from './support/process-figures.ts';
import { bareProcess, echoFunction, startProcess } from './support/processes.ts';
import type { Bench, Row } from './support/table.ts';

const CONNECTIONS = 50;
const ROUNDS = 3;
const SECONDS = 2;
const AIM = 0.6;
const AIM_LIMITS = 1_500;

const targets = [
  { path: '/health', unit: 'health', what: 'middleware without rate limit and token' },
  { path: '/.well-known/jwks.json', unit: 'auth', what: 'rate limit (Redis), no token' },
  { path: '/api/echo', unit: 'echo', what: 'full middleware: rate limit and token, nothing behind' },
  { path: '/api/limits', unit: 'usage', what: 'the same and one statement of the database' },
];

export const edge: Bench = {
  name: 'edge',
  about: 'GET through Caddy and a function, against a bare Hono process behind the same Caddy',
  run: () =>
    withPlatform(async (platform) => {
      const { session } = await createAccount(platform);
      const headers = { authorization: `Bearer ${session.accessToken}` };
      const [bare, echo] = [await bareProcess(platform), await echoFunction(platform)];
      const neighbours = [await startProcess(platform, bare), await startProcess(platform, echo)];
      const [bareSocket, echoSocket] = neighbours.map((instance) => instance.socket) as [string, string];
      const [barePid, echoPid] = neighbours.map((instance) => instance.pid) as [number, number];
      const caddy = await startSecondEdge(platform, [
        ...(await ownMounts(platform)),
        mount(bare.unit, bareSocket),
        mount(echo.unit, echoSocket),
      ]);
      const ask = (path: string) =>
        load({ url: caddy.url + path, connections: CONNECTIONS, seconds: SECONDS, headers });
      for (const { path } of targets) await load({ url: caddy.url + path, connections: 10, amount: 2000, headers });
      const rows: Row[] = [];
      const ratios: Record<string, number> = {};
      const rates: Record<string, number> = {};
      const servers = await serversOf(platform);
      for (const { path, unit, what } of targets) {
        const functions = async () => (unit === 'echo' ? [echoPid] : await pidsOf(platform, unit));
        const groups = [
          functions,
          async () => [caddy.pid],
          async () => (await Promise.all(servers.map(withChildren))).flat(),
        ];
        const used: number[][] = [];
        const bareUsed: number[][] = [];
        const own: LoadResult[] = [];
        const baseline: LoadResult[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          baseline.push(await measured(() => ask('/api/bare'), [async () => [barePid], ...groups.slice(1)], bareUsed));
          own.push(await measured(() => ask(path), groups, used));
        }
        const perSecond = [own, baseline].map((results) => results.map((result) => result.perSecond)) as [
          number[],
          number[],
        ];
        const paired = pairedRatios(...perSecond);
        ratios[path] = median(paired);
        rates[path] = median(perSecond[0]);
        rows.push({
          GET: path,
          what,
          'requests/s': spread(perSecond[0]),
          'bare, requests/s': spread(perSecond[1]),
          ratio: `${times(median(paired))} (${times(Math.min(...paired))}–${times(Math.max(...paired))})`,
          'p99, ms': spread(own.map(({ p99 }) => p99)),
          'bare p99, ms': spread(baseline.map(({ p99 }) => p99)),
          'processor, µs: function + edge + Redis and PostgreSQL': groups
            .map((_, each) => microseconds(used, each))
            .join(' + '),
          'bare + edge, µs': [0, 1].map((each) => microseconds(bareUsed, each)).join(' + '),
        });
      }
      return {
        title: `GET through Caddy, ${CONNECTIONS} connections`,
        rows,
        aims: [
          ...['/health', '/api/echo'].map((path) => ({
            what: `requests a second of GET ${path}`,
            aim: `≥ ${AIM}×`,
            reached: times(ratios[path] as number),
            met: (ratios[path] as number) >= AIM,
          })),
          {
            what: 'requests a second of GET /api/limits',
            ...{ aim: `≥ ${AIM_LIMITS}`, reached: (rates['/api/limits'] as number).toFixed(0) },
            met: (rates['/api/limits'] as number) >= AIM_LIMITS,
          },
        ],
        notes: ['Load generator, Caddy, function, Redis and PostgreSQL share the same cores.'],
      };
    }),
};

const mount = (unit: Unit, ...sockets: string[]): Mount => {
  if (unit.kind !== 'function') throw new Error(`Mount "${unit.name}": only functions are`);
  return { name: unit.name, paths: unit.manifest.mount, sockets, timeout: unit.manifest.timeout };
};

/** The platform's own functions, over all the paths that its edge dials. */
async function ownMounts({ folders }: BenchPlatform): Promise<Mount[]> {
  const functions = (await readUnits(checkout)).filter(({ kind }) => kind === 'function');
  return functions.map((unit) => {
    const slots = Array.from({ length: unit.manifest.instances.max }, (_, slot) =>
      slotPath(folders.run, unit.name, slot),
    );
    return mount(unit, ...slots);
  });
}

const pidsOf = async (platform: BenchPlatform, unit: string): Promise<number[]> =>
  (await rowsOf(platform, unit)).flatMap(({ pid }) => pid ?? []);

/** Redis and PostgreSQL. */
async function serversOf({ folders }: BenchPlatform): Promise<number[]> {
  const redis = Number(await readFile(join(folders.redis, 'redis.pid'), 'utf8'));
  const postgres = await readPidFile(join(folders.postgres, 'data'));
  return postgres ? [redis, postgres.pid] : [redis];
}

/** @param used gets the microseconds of processor time a request that each group of processes took */
async function measured(ask: () => Promise<LoadResult>, groups: (() => Promise<number[]>)[], used: number[][]) {
  const together = () => Promise.all(groups.map(async (pids) => processorMs(await pids())));
  const before = await together();
  const result = await ask();
  used.push((await together()).map((ms, each) => ((ms - (before[each] as number)) * 1000) / result.requests));
  return result;
}

const microseconds = (used: number[][], each: number): string =>
  median(used.map((groups) => groups[each] as number)).toFixed(0);
