import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../../db/connect.ts';
import { countRows } from '../content/database-facts.ts';
import { hashFile, type InventoryEntry } from '../content/inventory.ts';
import type { Manifest } from '../manifest.ts';

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
    {
      name: 'content',
      isPassed: changed.length === 0,
      detail: changed.length === 0 ? `${picked.length} files by SHA-256` : `"${changed[0]?.path}" is another file`,
    },
  ];
}
