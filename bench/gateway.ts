import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../tests/support/load/open-loop.ts';
import { type MockUpstream, startMockUpstream } from './peers/mock-upstream.ts';
import { megabytes } from './support/figures.ts';
import {
  added,
  describeLoad,
  isOverloaded,
  type Load,
  type Measured,
  measure,
  memoryOfStreams,
  middle,
  type RoundFigures,
  type StreamMemory,
  worseThan,
} from './support/gateway-figures.ts';
import { apiKeys, openWays, pandectSettings, type Way, type Ways } from './support/gateways.ts';
import { type BenchPlatform, withPlatform } from './support/platform.ts';
import type { Bench, Row, Table } from './support/table.ts';

/** A short run shows whether it works; its figures say little. */
const ROUNDS = Number(process.env.GATEWAY_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.GATEWAY_BENCH_SECONDS ?? 1.5);
const CONNECTIONS = 64;
const RATES = [50, 200, 600];
const AIM_ADDED_MS = 3;
const AIM_PER_SECOND = 1_100;
const AIM_STREAMS_MB = 100;
/** Up to here the added time counts. */
const SHARE_OF_SATURATION = 0.3;

const whole: Load = { what: 'whole answer, prompt of 1 kB', latencyMs: 0, events: 0, gapMs: 0, length: 1_000 };
const short: Load = { ...whole, what: '40 events, prompt of 1 kB', events: 40 };
const loads: { load: Load; rates: number[] }[] = [
  { load: whole, rates: RATES },
  { load: short, rates: RATES },
  { load: { ...short, what: '40 events after 60 ms', latencyMs: 60 }, rates: [200] },
  { load: { ...short, what: '400 events after 60 ms', latencyMs: 60, events: 400 }, rates: [50] },
  { load: { ...short, what: '40 events, prompt of 200 kB', length: 200_000 }, rates: [50] },
];

export const gateway: Bench = {
  name: 'gateway',
  about: 'what the gateway adds to a call of a model, its saturation, CPU and memory, next to other gateways',
  async run() {
    const mock = await startMockUpstream();
    try {
      return await withPlatform((platform) => measureAll(platform, mock), { env: pandectSettings(mock) });
    } finally {
      await mock.stop();
    }
  },
};

async function measureAll(platform: BenchPlatform, mock: MockUpstream): Promise<Table> {
  const ways = await openWays(platform, mock);
  const all = [ways.direct, ways.pandect, ways.alone, ...ways.peers];
  const agent = createAgent();
  // A process that is to end waits for connections that the edge would let go of.
  platform.onEnd(async () => void agent.destroy());
  for (const way of all) await measure(agent, way, short, { connections: 16, seconds: 2 });

  const memory: Row[] = [];
  const streams = new Map<Way, StreamMemory>();
  for (const way of [ways.pandect, ...ways.peers]) {
    const found = await memoryOfStreams(agent, way);
    streams.set(way, found);
    const { rest, open, failures } = found;
    const cells = { failed: failures, 'memory, MB': `${megabytes(rest)} at rest, ${megabytes(open)} then` };
    memory.push({ ...emptyRow('1,000 streams open at a time', way), ...cells });
  }

  const measured: Measured[] = [];
  for (const load of [whole, short]) measured.push(await interleave(all, load, undefined));
  for (const { load, rates } of loads) {
    const tooSlow = new Set<Way>();
    for (const rate of rates) {
      const found = await interleave(all, load, rate, tooSlow);
      measured.push(found);
      for (const [way, rounds] of found.rounds) if (isOverloaded(rounds)) tooSlow.add(way);
    }
  }
  const books = await compareBooks(platform, mock, ways.organizationId);
  return {
    title: 'The gateway',
    rows: [...measured.flatMap((one) => rowsOf(one, ways)), ...memory],
    aims: [...aimsOf(measured, ways, streams, books), aimAmongPeers(measured, ways, streams)],
    notes: [
      `Added: to the direct call in the same round; medians of ${ROUNDS} rounds of ${SECONDS} s, by turns. Times count from when a request was due.`,
      'Mock, load generator, gateways, Caddy, Redis and PostgreSQL share the same cores. Pandect writes every call down; the others run without a database.',
      'CPU: of the gateway’s processes, and in brackets with everything behind and in front of them. Memory is resident.',
      ...ways.missing,
    ],
  };

  async function interleave(
    among: Way[],
    load: Load,
    rate: number | undefined,
    without = new Set<Way>(),
  ): Promise<Measured> {
    const rounds: Measured['rounds'] = new Map();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of among.filter((one) => !without.has(one))) {
        const so = rounds.get(way) ?? [];
        // One that cannot keep up would only be in the way of the others.
        if (isOverloaded(so)) continue;
        const seconds = SECONDS;
        const pace = rate === undefined ? { connections: CONNECTIONS, seconds } : { perSecond: rate, seconds };
        rounds.set(way, [...so, await measure(agent, way, load, pace)]);
      }
    }
    return { load, rate, rounds };
  }
}

const emptyRow = (what: string, way: Way): Row => ({
  load: what,
  through: way.name,
  'requests/s': '',
  'p50, ms': '',
  'p99, ms': '',
  'added p50': '',
  'added p99': '',
  'first added p50': '',
  'first added p99': '',
  'CPU, ms': '',
  failed: '',
  'memory, MB': '',
});

function rowsOf(measured: Measured, { direct }: Ways): Row[] {
  const { rounds } = measured;
  const base = rounds.get(direct) as RoundFigures[];
  return [...rounds].map(([way, own]): Row => {
    const what = describeLoad(measured, CONNECTIONS);
    if (isOverloaded(own)) return { ...emptyRow(what, way), 'requests/s': 'falls behind' };
    const ms = (value: number) => value.toFixed(2);
    return {
      ...emptyRow(what, way),
      'requests/s': Math.round(middle(own, 'perSecond')),
      'p50, ms': ms(middle(own, 'p50')),
      'p99, ms': ms(middle(own, 'p99')),
      ...(way !== direct && {
        'added p50': ms(added(own, base, 'p50')),
        'added p99': ms(added(own, base, 'p99')),
        'first added p50': ms(added(own, base, 'firstP50')),
        'first added p99': ms(added(own, base, 'firstP99')),
        'CPU, ms': `${ms(middle(own, 'gatewayMs'))} (${ms(middle(own, 'everythingMs'))})`,
      }),
      failed: own.reduce((sum, { failures }) => sum + failures, 0),
    };
  });
}

interface Books {
  charged: string;
  asked: string;
}

/** What stands on the books, and what the upstream counted, once all is written down. */
async function compareBooks({ owner }: BenchPlatform, mock: MockUpstream, organizationId: string): Promise<Books> {
  const { calls, promptTokens, completionTokens } = await mock.usage(apiKeys.pandect);
  const asked = `${calls} calls, ${promptTokens} + ${completionTokens} tokens`;
  let charged = '';
  for (let attempt = 0; attempt < 20 && charged !== asked; attempt += 1) {
    await sleep(500);
    const [row] = await owner`
      select count(*)::text as calls, coalesce(sum(prompt_tokens), 0)::text as prompt,
        coalesce(sum(completion_tokens), 0)::text as completion
      from usage_logs where organization_id = ${organizationId}`;
    charged = `${row?.calls} calls, ${row?.prompt} + ${row?.completion} tokens`;
  }
  return { charged, asked };
}

type Streams = ReadonlyMap<Way, StreamMemory>;

/** Pandect is to be better than each peer in every column. */
function aimAmongPeers(
  measured: readonly Measured[],
  { pandect, peers }: Ways,
  streams: Streams,
): Table['aims'][number] {
  const worse = peers.flatMap((peer) => {
    const [own, theirs] = [streams.get(pandect), streams.get(peer)] as [StreamMemory, StreamMemory];
    const places = [
      ...(own.rest > theirs.rest ? ['memory at rest'] : []),
      ...(own.open - own.rest > theirs.open - theirs.rest ? ['memory of open streams'] : []),
      ...measured.flatMap((one) => {
        const columns = worseThan(peer, pandect, one);
        return columns.length > 0 ? [`${columns.join(', ')} (${describeLoad(one, CONNECTIONS)})`] : [];
      }),
    ];
    return places.length > 0 ? [`${peer.name} is better in ${places.join('; ')}`] : [];
  });
  return {
    what: `columns in which a peer (${peers.map(({ name }) => name).join(', ') || 'none runs'}) is better`,
    aim: 'none',
    reached: worse.join('. ') || 'none',
    met: peers.length > 0 && worse.length === 0,
  };
}

function aimsOf(measured: readonly Measured[], ways: Ways, streams: Streams, books: Books): Table['aims'] {
  const of = (load: Load, rate: number | undefined, way: Way) =>
    measured.find((one) => one.load.what === load.what && one.rate === rate)?.rounds.get(way) ?? [];
  const saturation = Math.round(middle(of(whole, undefined, ways.pandect), 'perSecond'));
  const rates = RATES.filter((rate) => rate <= SHARE_OF_SATURATION * saturation);
  const { rest, open } = streams.get(ways.pandect) as StreamMemory;
  const streamsMb = megabytes(open - rest);
  const worst = Math.max(
    ...rates.map((rate) => added(of(whole, rate, ways.pandect), of(whole, rate, ways.direct), 'p99')),
  );
  return [
    {
      what: `added p99 of a whole answer up to ${SHARE_OF_SATURATION * 100} % of saturation (${rates.join(', ')}/s)`,
      aim: `≤ ${AIM_ADDED_MS} ms`,
      reached: `${worst.toFixed(2)} ms`,
      met: rates.length > 0 && worst <= AIM_ADDED_MS,
    },
    {
      what: 'whole answers a second, each on the books',
      aim: `≥ ${AIM_PER_SECOND}`,
      reached: `${saturation}`,
      met: saturation >= AIM_PER_SECOND,
    },
    {
      what: 'memory of 1,000 open streams',
      aim: `< ${AIM_STREAMS_MB} MB`,
      reached: `${streamsMb} MB`,
      met: streamsMb < AIM_STREAMS_MB,
    },
    { what: 'on the books', aim: books.asked, reached: books.charged, met: books.asked === books.charged },
  ];
}
