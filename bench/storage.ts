import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createLocalStorage, type FileStorage, newStorageKey } from '../platform/capabilities/storage/index.ts';
import { createS3Storage } from '../platform/capabilities/storage/s3/s3-storage.ts';
import type { S3Server } from '../platform/testing/s3-server.ts';
import { median, megabytes, pairedRatios, spread, times } from './support/figures.ts';
import type { Bench, Row } from './support/table.ts';

const ROUNDS = 5;
const MB = 1e6;
/** The largest file that a plan allows, and one of a tenth. */
const SIZES_MB = [10, 100];
const PIECE_BYTES = 64 * 1024;
const SAMPLE_MS = 10;
/** Peak memory may grow by so much from the small file to the large one. */
const FLAT_MB = 32;

interface Measured {
  upload: number[];
  download: number[];
  /** MB that the process grew by at most. */
  peaks: number[];
}

export const storage: Bench = {
  name: 'storage',
  about: 'files to and from S3 on this machine, and the memory they take, against the local folder',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
    const server = await startServer();
    const storages = { local: createLocalStorage({ directory }), s3: openS3(server.about, directory) };
    try {
      const rows: Row[] = [];
      const peaks: Record<keyof typeof storages, number[]> = { local: [], s3: [] };
      for (const size of SIZES_MB) {
        const found = { local: newMeasured(), s3: newMeasured() };
        for (let round = 0; round < ROUNDS; round++) {
          for (const name of ['local', 's3'] as const) await measure(storages[name], size, found[name]);
        }
        for (const way of ['upload', 'download'] as const) {
          rows.push({
            measured: `${way} of ${size} MB, MB/s`,
            S3: spread(found.s3[way]),
            local: spread(found.local[way]),
            ratio: times(median(pairedRatios(found.s3[way], found.local[way]))),
          });
        }
        const grown = { local: Math.max(...found.local.peaks), s3: Math.max(...found.s3.peaks) };
        peaks.local.push(grown.local);
        peaks.s3.push(grown.s3);
        rows.push({
          measured: `memory above idle at ${size} MB, MB, at most`,
          S3: Math.round(grown.s3),
          local: Math.round(grown.local),
          ratio: times(grown.s3 / grown.local),
        });
      }
      const [small = 0, large = 0] = peaks.s3;
      return {
        title: 'Files on S3 and in a local folder',
        rows,
        aims: [
          {
            what: `memory from ${SIZES_MB.join(' to ')} MB, S3`,
            aim: `+ ≤ ${FLAT_MB} MB`,
            reached: `${large >= small ? '+' : '−'} ${Math.round(Math.abs(large - small))} MB`,
            met: large - small <= FLAT_MB,
          },
        ],
        notes: [
          'The S3 server is a process of its own on this machine, which checks the signature and hashes each file: it takes part of the two cores. An upload to S3 is spooled to the disk, hashed, and sent; one to the folder is hashed, written and synced.',
        ],
      };
    } finally {
      server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

const newMeasured = (): Measured => ({ upload: [], download: [], peaks: [] });

async function measure(target: FileStorage, sizeMb: number, found: Measured): Promise<void> {
  const key = newStorageKey();
  const idle = process.memoryUsage().rss;
  let peak = idle;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, SAMPLE_MS);
  found.upload.push(
    await rate(sizeMb, () =>
      target.write(key, Readable.from(pieces(sizeMb), { objectMode: false }), { maxBytes: sizeMb * MB }),
    ),
  );
  found.download.push(
    await rate(sizeMb, async () => {
      for await (const _ of (await target.read(key)).stream);
    }),
  );
  clearInterval(watch);
  found.peaks.push(megabytes(peak - idle));
  await target.remove(key);
}

/** MB a second. */
async function rate(sizeMb: number, act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return sizeMb / ((performance.now() - began) / 1000);
}

function* pieces(sizeMb: number) {
  const piece = Buffer.alloc(PIECE_BYTES, 'Статья ');
  for (let left = sizeMb * MB; left > 0; left -= PIECE_BYTES) yield piece.subarray(0, Math.min(left, PIECE_BYTES));
}

type ServerFacts = Pick<S3Server, 'endpoint' | 'bucket' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

const openS3 = (server: ServerFacts, directory: string) =>
  createS3Storage({ ...server, directory, isPathStyle: true, allowedHosts: ['127.0.0.1'] });

async function startServer(): Promise<{ about: ServerFacts; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'peers/s3-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { about: JSON.parse(String(line)), stop: () => void child.kill() };
}
