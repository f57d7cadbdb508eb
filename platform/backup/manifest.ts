import { z } from 'zod';

/** What a backup says of itself. It is stored last: a backup without it was cut off. */

const count = z.number().int().nonnegative();
const part = z.object({
  /** Of files. */
  count,
  bytes: count,
  /** SHA-256 of the list of its files with their own hashes; of a dump, of the file. */
  sha256: z.string(),
});

export const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  /** The id of the home, which its database knows as well. */
  home: z.uuid(),
  /** When the copy of the database began: files that were deleted later may be needed. */
  startedAt: z.iso.datetime(),
  /** The time that the database is as of. */
  at: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  platform: z.object({ version: z.string(), revision: z.string().nullable(), node: z.string() }),
  database: z.object({
    /** A copy of the embedded server's files, or a dump of a database elsewhere. */
    kind: z.enum(['files', 'dump']),
    postgres: count,
    /** Time stamp of the last migration, as in `db/migrations/meta/_journal.json`. */
    migration: count,
    maxConnections: count,
    /** Rows before and after the copy; what is restored lies between. A dump has exactly as many. */
    rows: z.record(z.string(), z.object({ before: count, after: count })),
    /** Positions in the log that the copy begins and ends at, and the stream that continues it, where the log is kept. */
    log: z.object({ timeline: count, from: count, to: count, stream: z.string().optional() }).optional(),
    ...part.shape,
  }),
  /** Null where they are in S3, which a backup does not hold. */
  files: part.nullable(),
  keys: part,
  certificates: part,
  /** Names of settings that were set and are secret; a restored platform needs them again. */
  secrets: z.array(z.string()),
  /** Values of the other settings that were set. */
  settings: z.record(z.string(), z.string()),
  /** Which of the repository hold the parts; none holds files where there are none. */
  snapshots: z.object({ home: z.string(), files: z.string().nullable() }),
});

export type Manifest = z.output<typeof manifestSchema>;

export const MANIFEST = 'manifest.json';
/** Next to it: a line for each stored file. */
export const INVENTORY = 'files.tsv';

/** `20260131T030000-1f2e3d`: sorts by time, and is never given twice. */
export function newBackupId(now: Date): string {
  const digits = now.toISOString().replace(/[-:]|\.\d+Z/g, '');
  return `${digits}-${crypto.randomUUID().slice(0, 6)}`;
}

/** @throws when it was made by a newer version, or is none */
export function parseManifest(id: string, text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`Read manifest of backup "${id}": not readable`, { cause });
  }
  const { success, data } = manifestSchema.safeParse(value);
  if (!success) throw new Error(`Read manifest of backup "${id}": made by another version of Pandect, or damaged`);
  return data;
}

/** Bytes of its content. */
export const sizeOf = ({ database, files, keys, certificates }: Manifest): number =>
  database.bytes + (files?.bytes ?? 0) + keys.bytes + certificates.bytes;
