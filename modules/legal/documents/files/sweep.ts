import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { documents } from '../../../../db/schema/legal/documents.ts';
import { gatewayFiles } from '../../../../db/schema/models/gateway-files.ts';
import { imageFiles } from '../../../../db/schema/pictures/image-files.ts';
import { deletedFiles } from '../../../../db/schema/platform/deleted-files.ts';
import { newestBackup } from '../../../../db/schema/platform/newest-backup.ts';
import { orphanedFiles } from '../../../../db/schema/platform/orphaned-files.ts';
import type { FileStorage } from '../../../../platform/capabilities/storage/index.ts';
import { markFile } from './mark-missing.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BATCH = 500;
/** Documents whose file is looked for in one sweep; the next sweep continues behind them. */
const CHECKED = 5_000;

export interface SweptFiles {
  /** Of deleted documents, removed after their days of grace. */
  files: number;
  /** Stored files that no row knows; they are only listed. */
  orphans: number;
  /** Documents known to have lost their file. */
  missing: number;
}

/** How far the look for missing files is; kept in memory, as a new process may begin again. */
export interface FileCheck {
  after: string | undefined;
}

export interface FileSweepDeps {
  database: Database;
  storage: FileStorage;
  /** Days for which the file of a deleted document is kept. */
  fileGraceDays: number;
  fileCheck: FileCheck;
}

/** Removes files whose days of grace are over, lists what no row knows, and looks for files that rows miss. */
export async function sweepFiles(deps: FileSweepDeps, now: Date): Promise<SweptFiles> {
  const graceEnd = new Date(now.getTime() - deps.fileGraceDays * DAY_MS);
  const files = await removeDeleted(deps, await keptBefore(deps.database, graceEnd));
  // An upload that is under way has a file and no row yet; after an hour it has neither or both.
  const orphans = await listOrphans(deps, new Date(now.getTime() - HOUR_MS), now);
  return { files, orphans, missing: await findMissing(deps) };
}

/** What the newest backup knows must be found after it is restored, however long ago it was made. */
async function keptBefore(database: Database, graceEnd: Date): Promise<Date> {
  const [newest] = await database.transaction((tx) => tx.select().from(newestBackup).limit(1));
  return newest && newest.startedAt < graceEnd ? newest.startedAt : graceEnd;
}

async function removeDeleted({ database, storage }: FileSweepDeps, before: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const rows = await database.transaction((tx) =>
      tx
        .select({
          key: deletedFiles.storageKey,
          owner: sql<string | null>`coalesce(${documents.id}, ${gatewayFiles.id}, ${imageFiles.imageId})`,
        })
        .from(deletedFiles)
        .leftJoin(documents, eq(documents.storageKey, deletedFiles.storageKey))
        .leftJoin(gatewayFiles, eq(gatewayFiles.storageKey, deletedFiles.storageKey))
        .leftJoin(imageFiles, eq(imageFiles.storageKey, deletedFiles.storageKey))
        .where(lt(deletedFiles.deletedAt, before))
        .limit(BATCH),
    );
    if (rows.length === 0) return removed;
    for (const { key, owner } of rows) {
      // A document, a file of the gateway or a picture that has it after all came back by a restore.
      if (owner !== null) continue;
      await storage.remove(key);
      removed += 1;
    }
    const keys = rows.map(({ key }) => key);
    await database.transaction((tx) => tx.delete(deletedFiles).where(inArray(deletedFiles.storageKey, keys)));
  }
}

async function listOrphans({ database, storage }: FileSweepDeps, before: Date, now: Date): Promise<number> {
  let batch: { key: string; changedAt: Date; bytes: number }[] = [];
  const note = async () => {
    const files = batch;
    batch = [];
    if (files.length === 0) return;
    const keys = files.map(({ key }) => key);
    await database.transaction(async (tx) => {
      const known = await tx
        .select({ key: documents.storageKey })
        .from(documents)
        .where(inArray(documents.storageKey, keys))
        .union(
          tx.select({ key: gatewayFiles.storageKey }).from(gatewayFiles).where(inArray(gatewayFiles.storageKey, keys)),
        )
        .union(tx.select({ key: imageFiles.storageKey }).from(imageFiles).where(inArray(imageFiles.storageKey, keys)))
        .union(
          tx.select({ key: deletedFiles.storageKey }).from(deletedFiles).where(inArray(deletedFiles.storageKey, keys)),
        );
      const kept = new Set(known.map(({ key }) => key));
      const orphans = files.filter(({ key }) => !kept.has(key));
      if (orphans.length === 0) return;
      await tx
        .insert(orphanedFiles)
        .values(
          orphans.map(({ key, changedAt, bytes }) => ({ storageKey: key, bytes, storedAt: changedAt, seenAt: now })),
        )
        .onConflictDoUpdate({ target: orphanedFiles.storageKey, set: { seenAt: now } });
    });
  };
  for await (const file of storage.list()) {
    if (file.changedAt < before) batch.push(file);
    if (batch.length >= BATCH) await note();
  }
  await note();
  return database.transaction(async (tx) => {
    await tx.delete(orphanedFiles).where(lt(orphanedFiles.seenAt, now));
    return tx.$count(orphanedFiles);
  });
}

async function findMissing({ database, storage, fileCheck }: FileSweepDeps): Promise<number> {
  const columns = { id: documents.id, key: documents.storageKey, missingSince: documents.fileMissingAt };
  const rows = await database.transaction(async (tx) => {
    const missed = await tx.select(columns).from(documents).where(isNotNull(documents.fileMissingAt)).limit(CHECKED);
    const next = await tx
      .select(columns)
      .from(documents)
      .where(and(isNull(documents.fileMissingAt), fileCheck.after ? gt(documents.id, fileCheck.after) : undefined))
      .orderBy(asc(documents.id))
      .limit(CHECKED);
    fileCheck.after = next.length < CHECKED ? undefined : next.at(-1)?.id;
    return [...missed, ...next];
  });
  for (const { id, key, missingSince } of rows) {
    const isThere = await storage.has(key);
    if (isThere === (missingSince === null)) continue;
    await database.transaction((tx) => markFile(tx, id, isThere));
  }
  return database.transaction((tx) => tx.$count(documents, isNotNull(documents.fileMissingAt)));
}
