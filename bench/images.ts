import { megabytes, quantile } from './support/figures.ts';
import { measureSockets } from './support/idle-sockets.ts';
import { burstSeconds } from './support/images/burst-formula.ts';
import { decodedPeaks } from './support/images/peaks.ts';
import { addPeople } from './support/images/people.ts';
import { type Rush, rush } from './support/images/rush.ts';
import { type BenchPlatform, withCopy, withPlatform } from './support/platform.ts';
import type { Bench, Row, Table } from './support/table.ts';

/** A short run shows whether it works; its figures say little. */
const PEOPLE = Number(process.env.IMAGES_BENCH_PEOPLE ?? 100);
const SOCKETS = Number(process.env.IMAGES_BENCH_SOCKETS ?? 8_000);
/** Of the local provider for a picture, and steps of its progress in that time. */
const [SECONDS, STEPS] = [10, 20];
/** Generations at a provider at a time, see `db/functions/pictures/has_image_place.sql`. */
const AT_ONCE = 12;
const AIM_ACCEPT_MS = 200;
const [AIM_WORKER_MB, AIM_CHILD_MB, AIM_FUNCTION_MB] = [160, 220, 256];
/** The last and the mean may lie above the formula by so much: a look at the provider each second, and the storing of pictures. */
const SLACK = 1.25;

export const images: Bench = {
  name: 'images',
  about: '100 people who ask for a picture at once, 12 in progress, 8,000 idle sockets, and the memory of each part',
  run: () =>
    withCopy(['auth', 'health', 'images', 'pictures'], (copy) =>
      withPlatform(measureAll, {
        root: copy.root,
        env: {
          ...{ IMAGE_PROVIDERS: 'local', IMAGE_LOCAL_SECONDS: `${SECONDS}`, IMAGE_LOCAL_STEPS: `${STEPS}` },
        },
      }),
    ),
};

async function measureAll(platform: BenchPlatform): Promise<Table> {
  const people = await addPeople(platform, Math.max(PEOPLE, Math.ceil(SOCKETS / 4)));
  const found = await rush(platform, people.slice(0, PEOPLE));
  const peaks = await decodedPeaks();
  const sockets = await measureSockets(platform, people, SOCKETS);
  const expected = burstSeconds(PEOPLE, AT_ONCE, found.eachSeconds);
  const largest = peaks.at(-1)?.peakMb ?? Number.NaN;
  return {
    title: 'Images',
    rows: [
      ...rushRows(found, expected),
      ...peaks.map(({ what, peakMb }): Row => row(`memory of the child that decodes ${what}, MiB`, peakMb.toFixed(0))),
      ...sockets.rows.map(({ measured, value }) => row(measured, value)),
    ],
    aims: [
      atMost('answer to POST /api/images in the burst, p95', quantile(found.acceptedMs, 0.95), AIM_ACCEPT_MS, 'ms'),
      atMost('answer to POST /api/images while 12 are made, p95', quantile(found.steadyMs, 0.95), AIM_ACCEPT_MS, 'ms'),
      atMost('last person served, of the formula', found.lastSeconds / expected.last, SLACK, '×'),
      atMost('mean of all people, of the formula', found.meanSeconds / expected.mean, SLACK, '×'),
      atMost('generations at the provider', found.most.running, AT_ONCE, 'at a time'),
      atMost('memory of the worker', megabytes(found.worker.own), AIM_WORKER_MB, 'MB'),
      atMost('memory of a child at 16.8 MP', largest, AIM_CHILD_MB, 'MiB'),
      atMost(
        `memory of the function with ${sockets.open} sockets`,
        megabytes(sockets.functionBytes),
        AIM_FUNCTION_MB,
        'MB',
      ),
    ],
    notes: [
      `The local provider takes ${SECONDS} s for a picture of 1024 × 1024 with ${STEPS} steps of progress; the worker looks each second. With n = ${AT_ONCE} at a time and s = ${found.eachSeconds.toFixed(1)} s from submit to done, as measured, the last of ${PEOPLE} people is served after ⌈${PEOPLE} / n⌉ · s.`,
      'Each person follows over a WebSocket through Caddy. From a change: the time that stands in the generation until its follower has it. Clients, Caddy, function, worker, children and PostgreSQL share the cores.',
      ...sockets.notes,
    ],
  };
}

const row = (measured: string, value: string | number): Row => ({ measured, value });

function rushRows(found: Rush, expected: ReturnType<typeof burstSeconds>): Row[] {
  const ms = (values: readonly number[]) =>
    `p50 ${quantile(values, 0.5).toFixed(0)}, p95 ${quantile(values, 0.95).toFixed(0)}`;
  return [
    row(`${PEOPLE} people at once: answer to POST, ms`, ms(found.acceptedMs)),
    row(`${PEOPLE} at once that read the models: answer to GET, ms`, ms(found.baselineMs)),
    row('5 more requests a second after that: answer to POST, ms', ms(found.steadyMs)),
    row('last served, s: measured / formula', `${found.lastSeconds.toFixed(1)} / ${expected.last.toFixed(1)}`),
    row('mean, s: measured / formula', `${found.meanSeconds.toFixed(1)} / ${expected.mean.toFixed(1)}`),
    row('most at the provider at a time, and with those that are stored', `${found.most.running}, ${found.most.open}`),
    row('messages to followers a second', found.messagesPerSecond.toFixed(0)),
    row('from a change to its follower, ms', ms(found.toldMs)),
    row('memory of the worker at most, MB', megabytes(found.worker.own)),
    row('memory of a child at 1024 × 1024, MB', megabytes(found.worker.child)),
    row('memory of the function at most, MB', megabytes(found.functionBytes)),
  ];
}

const atMost = (what: string, value: number, most: number, unit: string): Table['aims'][number] => ({
  what,
  aim: `≤ ${most} ${unit}`,
  reached: `${value.toFixed(unit === '×' ? 2 : 0)} ${unit}`,
  met: value <= most,
});
