import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesIn } from '../../tests/support/processes.ts';
import { megabytes } from './figures.ts';
import type { ImagePerson } from './images/people.ts';
import { pidOf } from './images/rush.ts';
import { type ImageSocket, openImageSocket } from './images/socket.ts';
import type { BenchPlatform } from './platform.ts';
import { processorMs, residentBytes } from './process-figures.ts';

export interface IdleSockets {
  rows: { measured: string; value: string | number }[];
  notes: string[];
  /** So many were open at the end. */
  open: number;
  /** Resident, with all of them open. */
  functionBytes: number;
}

/** Connections that are being opened at a time. */
const OPENING = 40;
/** Sockets that are opened before memory is looked at again. */
const STEP = 500;
const STEP_MS = 2_000;
/** Sockets of one person; the function takes five. */
const OF_PERSON = 4;
/** Longer than two rounds of pings. */
const IDLE_MS = 60_000;

/** Memory with so many sockets open; resident bytes. */
interface Reached {
  open: number;
  images: number;
  caddy: number;
  files: { images: number; caddy: number };
}

/**
 * Opens so many authorized sockets through the edge, step by step, and leaves them idle. It ends earlier where the function's process is
 * replaced, or sockets are lost: what was reached before is told.
 */
export async function measureSockets(
  platform: BenchPlatform,
  people: readonly ImagePerson[],
  count: number,
): Promise<IdleSockets> {
  const images = await pidOf(platform, 'images');
  const caddy = (await processesIn(platform.folders)).find(({ command }) => command.includes('caddy'))?.pid as number;
  const sockets: ImageSocket[] = [];
  const look = async (): Promise<Reached> => ({
    open: sockets.filter((socket) => socket.isOpen()).length,
    images: await residentBytes([images]),
    caddy: await residentBytes([caddy]),
    files: { images: await openFiles(images), caddy: await openFiles(caddy) },
  });
  const rest = await look();
  let reached = rest;
  let lost: string | undefined;
  const began = performance.now();
  let spentMs = 0;
  while (reached.open < count && lost === undefined) {
    lost = await openSockets(platform, people, sockets, Math.min(count, sockets.length + STEP));
    spentMs = performance.now() - began;
    await sleep(STEP_MS);
    const now = await look();
    if (now.images === 0) lost ??= `the function's process ended beyond ${reached.open} sockets`;
    else if (now.open < sockets.length) lost ??= `${sockets.length - now.open} sockets were closed`;
    if (lost === undefined) reached = now;
  }
  const idle = lost === undefined ? await processorShare(images) : undefined;
  const after = lost === undefined ? await look() : reached;
  for (const socket of sockets) socket.end();
  const each = (which: 'images' | 'caddy') => ((after[which] - rest[which]) / 1024 / after.open).toFixed(1);
  const memory = (which: 'images' | 'caddy') => `${megabytes(rest[which])} → ${megabytes(after[which])}`;
  return {
    open: after.open,
    functionBytes: after.images,
    rows: [
      { measured: 'idle sockets that were open', value: `${after.open} of ${count}` },
      { measured: 'sockets opened and authorized a second', value: ((sockets.length / spentMs) * 1000).toFixed(0) },
      { measured: 'memory of the function, MB', value: memory('images') },
      { measured: 'memory of a socket in the function, KiB', value: each('images') },
      { measured: 'memory of Caddy, MB', value: memory('caddy') },
      { measured: 'memory of a socket in Caddy, KiB', value: each('caddy') },
      { measured: 'open files: function, Caddy', value: `${after.files.images}, ${after.files.caddy}` },
      ...(idle === undefined
        ? []
        : [{ measured: 'processor of the function, idle sockets, % of a core', value: idle }]),
    ],
    notes: [
      `Limit of open files for Caddy, which has two for each socket, and for the function, which has one: ${await limitOfFiles(caddy)}.`,
      ...(lost === undefined ? [] : [`No more sockets: ${lost}.`]),
    ],
  };
}

/** Opens more, until there are so many. @returns why one could not be opened */
async function openSockets(
  { url }: BenchPlatform,
  people: readonly ImagePerson[],
  sockets: ImageSocket[],
  until: number,
): Promise<string | undefined> {
  let [next, failure]: [number, string | undefined] = [sockets.length, undefined];
  const open = async () => {
    while (next < until && failure === undefined) {
      const person = people[Math.floor(next++ / OF_PERSON)] as ImagePerson;
      try {
        sockets.push(await openImageSocket(url, person));
      } catch (error) {
        failure = (error as Error).message;
      }
    }
  };
  await Promise.all(Array.from({ length: OPENING }, open));
  return failure;
}

/** Of one core, in percent, over a minute. */
async function processorShare(pid: number): Promise<string> {
  const [used, since] = [await processorMs([pid]), performance.now()];
  await sleep(IDLE_MS);
  return (((await processorMs([pid])) - used) * (100 / (performance.now() - since))).toFixed(1);
}

const openFiles = async (pid: number): Promise<number> => (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;

async function limitOfFiles(pid: number): Promise<string> {
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8').catch(() => '');
  return /^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 'unknown';
}
