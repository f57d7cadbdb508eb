import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { connect } from '../../../db/connect.ts';
import { countRows } from '../content/database-facts.ts';
import { hashFile, type InventoryEntry } from '../content/inventory.ts';
import { formatPosition } from '../log/position.ts';
import type { Manifest } from '../manifest.ts';
import { storedFiles } from './stored-files.ts';

/** What was looked at, and whether it is as it was. */
export interface Proof {
  name: string;
  isPassed: boolean;
  detail: string;
}

const SAMPLES = 20;

/** Compares a restored home with its manifest: rows, all files by size, some of them by content. */
export async function proveRestored(
  { url, filesFolder }: { url: string; filesFolder: string },
  manifest: Manifest,
  inventory: readonly InventoryEntry[],
): Promise<Proof[]> {
  return [await proveRows(url, manifest), ...(manifest.files === null ? [] : await proveFiles(filesFolder, inventory))];
}

/**
 * The same where log was replayed, which the manifest knows nothing of: that all of it was, up to the wanted moment, and that rows have
 * their files. Files that are missing are told and fail nothing: they were uploaded after the last time that files were stored.
 */
export async function proveReplayed(
  { url, filesFolder }: { url: string; filesFolder: string | undefined },
  { end, log }: { end: number | undefined; log: { from: number; to: number; isWhole: boolean } },
): Promise<Proof[]> {
  const sql = connect(url, { applicationName: 'pandect restore' });
  try {
    const least = log.isWhole ? log.to - LARGEST_RECORD : log.from;
    const rows = await countRows(sql);
    const sum = Object.values(rows).reduce((total, count) => total + count, 0);
    return [
      {
        name: 'log',
        isPassed: end !== undefined && end >= least,
        detail: end === undefined ? 'not replayed' : `replayed to ${formatPosition(end)} of ${formatPosition(log.to)}`,
      },
      { name: 'rows', isPassed: true, detail: `${sum} in ${Object.keys(rows).length} tables` },
      ...(filesFolder === undefined ? [] : await proveFilesOfRows(sql, filesFolder)),
    ];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The last record may have been on its way. */
const LARGEST_RECORD = 1024 ** 2;

async function proveFilesOfRows(sql: Sql, folder: string): Promise<Proof[]> {
  const rows = await storedFiles(sql);
  const sizes = await Promise.all(
    rows.map(async ({ key }) => (await stat(join(folder, key)).catch(() => undefined))?.size),
  );
  const missing = rows.filter((_, index) => sizes[index] === undefined);
  const there = rows.filter(({ sha256 }, index) => sizes[index] !== undefined && sha256 !== null);
  const picked = there.toSorted(() => Math.random() - 0.5).slice(0, SAMPLES);
  const hashes = await Promise.all(picked.map(({ key }) => hashFile(join(folder, key)).catch(() => undefined)));
  const changed = picked.filter(({ sha256 }, index) => hashes[index] !== sha256);
  return [
    {
      name: 'files',
      isPassed: true,
      detail:
        missing.length === 0
          ? `${rows.length} rows have theirs`
          : `${missing.length} of ${rows.length} rows miss theirs, uploaded last; see pandect files missing`,
    },
    contentProof(picked.length, changed[0]?.key),
  ];
}

const contentProof = (count: number, changed: string | undefined): Proof => ({
  name: 'content',
  isPassed: changed === undefined,
  detail: changed === undefined ? `${count} files by SHA-256` : `"${changed}" is another file`,
});

async function proveRows(url: string, { database }: Manifest): Promise<Proof> {
  const sql = connect(url, { applicationName: 'pandect restore' });
  try {
    const found = await countRows(sql);
    const wrong = Object.entries(database.rows).flatMap(([table, { before, after }]) => {
      const count = found[table] ?? 0;
      const isBetween = count >= Math.min(before, after) && count <= Math.max(before, after);
      return isBetween ? [] : [`${table} has ${count}, not ${before === after ? after : `${before} to ${after}`}`];
    });
    const sum = Object.values(found).reduce((total, count) => total + count, 0);
    return {
      name: 'rows',
      isPassed: wrong.length === 0,
      detail: wrong.join('; ') || `${sum} in ${Object.keys(found).length} tables`,
    };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function proveFiles(folder: string, inventory: readonly InventoryEntry[]): Promise<Proof[]> {
  const sizes = await Promise.all(
    inventory.map(async ({ path }) => (await stat(join(folder, path)).catch(() => undefined))?.size),
  );
  const missing = inventory.filter(({ bytes }, index) => sizes[index] !== bytes);
  const picked = inventory.toSorted(() => Math.random() - 0.5).slice(0, SAMPLES);
  const hashes = await Promise.all(picked.map(({ path }) => hashFile(join(folder, path)).catch(() => undefined)));
  const changed = picked.filter(({ sha256 }, index) => hashes[index] !== sha256);
  return [
    {
      name: 'files',
      isPassed: missing.length === 0,
      detail:
        missing.length === 0 ? `${inventory.length} there` : `${missing.length} missing, "${missing[0]?.path}" first`,
    },
    contentProof(picked.length, changed[0]?.path),
  ];
}
