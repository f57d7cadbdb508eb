import { setTimeout as sleep } from 'node:timers/promises';
import { rowsOf } from '../../../tests/support/control.ts';
import { send } from '../../../tests/support/http/client.ts';
import type { BenchPlatform } from '../platform.ts';
import { watchMemory } from '../watch-memory.ts';
import type { ImagePerson } from './people.ts';
import { type HeardImage, openImageSocket } from './socket.ts';

/** What people met who all asked for a picture in the same moment; bytes are resident ones. */
export interface Rush {
  /** Answers to their requests, and to those of others while their pictures were made. */
  acceptedMs: number[];
  steadyMs: number[];
  /** Answers to as many requests at once that only read the list of models: what edge, limits and credentials take. */
  baselineMs: number[];
  /** From the request to the picture, of the last one and of all. */
  lastSeconds: number;
  meanSeconds: number;
  /** From submit to done, on average. */
  eachSeconds: number;
  /** At the provider, and with those whose pictures are being stored after it. */
  most: { running: number; open: number };
  messagesPerSecond: number;
  /** From the end of a generation, as it is written down, to its follower. */
  toldMs: number[];
  worker: { own: number; child: number };
  functionBytes: number;
}

const LONGEST_MS = 600_000;
const [STEADY_REQUESTS, STEADY_MS] = [50, 200];

/** @throws when one of them gets no picture */
export async function rush(platform: BenchPlatform, people: readonly ImagePerson[]): Promise<Rush> {
  const [worker, served] = [await pidOf(platform, 'pictures'), await pidOf(platform, 'images')];
  const heard: { at: number; image: HeardImage }[] = [];
  const done = new Map<string, number>();
  const failed: HeardImage[] = [];
  const onImage = (image: HeardImage) => {
    heard.push({ at: Date.now(), image });
    if (image.status === 'done') done.set(image.id, performance.now());
    if (image.status === 'failed' || image.status === 'expired') failed.push(image);
  };
  const sockets = [];
  for (const person of people) sockets.push(await openImageSocket(platform.url, person, onImage));
  const baselineMs = await Promise.all(people.map((person) => readModels(platform, person)));
  const [ofWorker, ofFunction] = [watchMemory(worker), watchMemory(served)];
  const began = performance.now();
  const accepted = await Promise.all(people.map((person) => ask(platform, person)));
  for (const [index, { id }] of accepted.entries()) sockets[index]?.follow(id);
  const most = { running: 0, open: 0 };
  const counting = setInterval(async () => {
    const { running, open } = await countOpen(platform);
    most.running = Math.max(most.running, running);
    most.open = Math.max(most.open, open);
  }, 1_000);
  const steadyMs = await steadyRequests(platform, people);
  while (done.size < people.length) {
    if (failed.length > 0 || performance.now() - began > LONGEST_MS) {
      throw new Error(`Rush: ${done.size} of ${people.length} pictures, ${JSON.stringify(failed)}`);
    }
    await sleep(100);
  }
  clearInterval(counting);
  const seconds = accepted.map(({ id }) => ((done.get(id) as number) - began) / 1000);
  const figures = {
    worker: ofWorker.stop(),
    functionBytes: ofFunction.stop().own,
    messagesPerSecond: heard.length / ((performance.now() - began) / 1000),
  };
  for (const socket of sockets) socket.end();
  return {
    ...{ acceptedMs: accepted.map(({ ms }) => ms), steadyMs, baselineMs, ...figures, most },
    lastSeconds: Math.max(...seconds),
    meanSeconds: seconds.reduce((sum, each) => sum + each, 0) / seconds.length,
    eachSeconds: await meanOfOne(platform),
    toldMs: heard.flatMap(({ at, image }) =>
      image.status === 'done' && image.endedAt ? [Math.max(0, at - Date.parse(image.endedAt))] : [],
    ),
  };
}

async function ask({ url }: BenchPlatform, { token }: ImagePerson): Promise<{ id: string; ms: number }> {
  const began = performance.now();
  const answer = await send(url, 'POST /api/images', {
    json: { prompt: 'A lighthouse in the fog' },
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await answer.text();
  const ms = performance.now() - began;
  if (answer.status !== 202) throw new Error(`Ask for a picture: ${answer.status} ${text}`);
  return { id: (JSON.parse(text) as { id: string }).id, ms };
}

async function readModels({ url }: BenchPlatform, { token }: ImagePerson): Promise<number> {
  const began = performance.now();
  const answer = await send(url, 'GET /api/images/models', { headers: { authorization: `Bearer ${token}` } });
  await answer.text();
  if (answer.status !== 200) throw new Error(`Read models: ${answer.status}`);
  return performance.now() - began;
}

/** Others who ask while pictures are made, and cancel at once, so that they take no place in the line. */
async function steadyRequests(platform: BenchPlatform, people: readonly ImagePerson[]): Promise<number[]> {
  const asked: Promise<number>[] = [];
  for (let request = 0; request < STEADY_REQUESTS; request += 1) {
    const person = people[request % people.length] as ImagePerson;
    asked.push(
      ask(platform, person).then(async ({ id, ms }) => {
        const headers = { authorization: `Bearer ${person.token}` };
        await send(platform.url, `POST /api/images/${id}/cancel`, { headers });
        return ms;
      }),
    );
    await sleep(STEADY_MS);
  }
  return Promise.all(asked);
}

export async function pidOf(platform: BenchPlatform, name: string): Promise<number> {
  const pid = (await rowsOf(platform, name)).find(({ state }) => state === 'ready')?.pid;
  if (!pid) throw new Error(`Find process of "${name}": none is ready`);
  return pid;
}

async function countOpen({ owner }: BenchPlatform): Promise<Rush['most']> {
  const [row] = await owner<Rush['most'][]>`
    select count(*) filter (where status <> 'storing')::int as running, count(*)::int as open
    from images where status in ('submitting', 'waiting', 'running', 'storing')`;
  return row ?? { running: 0, open: 0 };
}

async function meanOfOne({ owner }: BenchPlatform): Promise<number> {
  const [row] = await owner<{ seconds: number }[]>`
    select avg(extract(epoch from ended_at - submitted_at))::float as seconds from images where status = 'done'`;
  return row?.seconds ?? Number.NaN;
}
