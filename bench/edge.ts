import type { Mount } from '../platform/edge/routes.ts';
import { slotPath } from '../platform/supervisor/traffic/socket-path.ts';
import { readUnits, type Unit } from '../platform/supervisor/unit.ts';
import { createAccount } from '../tests/support/http/client.ts';
import { startSecondEdge } from './peers/second-edge.ts';
import { median, pairedRatios, spread, times } from './support/figures.ts';
import { type LoadResult, load } from './support/load.ts';
import { type BenchPlatform, checkout, withPlatform } from './support/platform.ts';
import { bareProcess, echoFunction, startProcess } from './support/processes.ts';
import type { Bench, Row } from './support/table.ts';

const CONNECTIONS = 50;
const ROUNDS = 3;
const SECONDS = 2;
const AIM = 0.6;

const targets = [
  { path: '/health', what: 'middleware without rate limit and token' },
  { path: '/.well-known/jwks.json', what: 'rate limit (Redis), no token' },
  { path: '/api/echo', what: 'full middleware: rate limit and token, nothing behind' },
  { path: '/api/limits', what: 'the same and a transaction with 5 statements' },
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
      for (const { path, what } of targets) {
        const own: LoadResult[] = [];
        const baseline: LoadResult[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          baseline.push(await ask('/api/bare'));
          own.push(await ask(path));
        }
        const perSecond = [own, baseline].map((results) => results.map((result) => result.perSecond)) as [
          number[],
          number[],
        ];
        const paired = pairedRatios(...perSecond);
        ratios[path] = median(paired);
        rows.push({
          GET: path,
          what,
          'requests/s': spread(perSecond[0]),
          'bare, requests/s': spread(perSecond[1]),
          ratio: `${times(median(paired))} (${times(Math.min(...paired))}–${times(Math.max(...paired))})`,
          'p99, ms': spread(own.map(({ p99 }) => p99)),
          'bare p99, ms': spread(baseline.map(({ p99 }) => p99)),
        });
      }
      return {
        title: `GET through Caddy, ${CONNECTIONS} connections`,
        rows,
        aims: ['/health', '/api/echo'].map((path) => ({
          what: `requests a second of GET ${path}`,
          aim: `≥ ${AIM}×`,
          reached: times(ratios[path] as number),
          met: (ratios[path] as number) >= AIM,
        })),
        notes: ['Load generator, Caddy, function, Redis and PostgreSQL share the same cores.'],
      };
    }),
};

const mount = (unit: Unit, ...sockets: string[]): Mount => {
  if (unit.kind !== 'function') throw new Error(`Mount "${unit.name}": only functions are`);
  return { name: unit.name, paths: unit.manifest.mount, sockets, timeout: unit.manifest.timeout };
};

/** The platform's own functions. */
async function ownMounts({ folders }: BenchPlatform): Promise<Mount[]> {
  const functions = (await readUnits(checkout)).filter(({ kind }) => kind === 'function');
  return functions.map((unit) => mount(unit, slotPath(folders.run, unit.name, 0)));
}
