import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERASURES_FOLDER, type Erasure, erasureNamed, nameOfErasure, type SharedErasures } from '../erasure-journal.ts';
import { partSuffix } from '../write-part.ts';
import { createS3Client } from './s3-client.ts';
import { listObjects } from './s3-objects.ts';
import { type S3StorageOptions, SPOOL } from './s3-storage.ts';

/** Revocations are noted again each minute for a day. */
const MOST_REMEMBERED = 50_000;

/**
 * Erasures in the bucket that hosts share. All of one stands in the key of its object, `erasures/<kind>-<id>`, with a time
 * `erasures/<kind>-<id>.<milliseconds since the epoch>`: hosts that note the same at once do not write over each other, and one listing reads all.
 */
export function createS3Erasures(options: S3StorageOptions): SharedErasures {
  const client = createS3Client(options);
  const spool = join(options.directory, SPOOL);
  /** Keys that this process has stored. */
  const stored = new Set<string>();

  return {
    async note(erasure) {
      const key = keyOf(erasure);
      if (stored.has(key)) return;
      const content = `${JSON.stringify(erasure)}\n`;
      await mkdir(spool, { recursive: true });
      const path = join(spool, `${randomUUID()}${partSuffix}`);
      try {
        await writeFile(path, content, { mode: 0o660 });
        const sha256 = createHash('sha256').update(content).digest('hex');
        const body = { path, bytes: Buffer.byteLength(content), sha256 };
        const response = await client.call('Note erasure in S3', { method: 'PUT', key, body });
        await response.arrayBuffer();
      } finally {
        await rm(path, { force: true });
      }
      if (stored.size >= MOST_REMEMBERED) stored.clear();
      stored.add(key);
    },

    async read() {
      const found: Erasure[] = [];
      for await (const { key } of listObjects(client, `${ERASURES_FOLDER}/`)) {
        const erasure = erasureOf(key);
        if (erasure) found.push(erasure);
      }
      return found;
    },
  };
}

const keyOf = ({ at, ...erasure }: Erasure): string =>
  `${ERASURES_FOLDER}/${nameOfErasure(erasure)}${at ? `.${at.getTime()}` : ''}`;

function erasureOf(key: string): Erasure | undefined {
  const [name = '', time] = key.slice(ERASURES_FOLDER.length + 1).split('.');
  const erasure = erasureNamed(name);
  if (!erasure || (time !== undefined && !/^\d{1,15}$/.test(time))) return undefined;
  return { ...erasure, ...(time !== undefined && { at: new Date(Number(time)) }) };
}
