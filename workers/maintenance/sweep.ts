import { inArray, lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { documents } from '../../db/schema/documents.ts';
import { idempotencyKeys } from '../../db/schema/idempotency-keys.ts';
import { refreshTokens } from '../../db/schema/refresh-tokens.ts';
import type { FileStorage, PartialUploads } from '../../platform/capabilities/storage/index.ts';
import { type SweptAged, sweepAged } from './sweep-aged.ts';
import { sweepPeople } from './sweep-people.ts';
import { type SweptUsage, sweepUsage } from './sweep-usage.ts';

const HOUR_MS = 3_600_000;
const BATCH = 500;

export interface Swept extends SweptUsage, SweptAged {
  tokens: number;
  idempotencyKeys: number;
  /** Revocations, tokens of e-mails, counts of wrong passwords. */
  people: number;
  files: number;
  /** Resumable uploads that can no longer be continued, and what is remembered of finished ones. */
  uploads: number;
}

interface SweepDeps {
  database: Database;
  storage: FileStorage;
  partialUploads: PartialUploads;
}

/** Removes what has run out and mends what was left half-way. Doing it twice does nothing twice. */
export async function sweep({ database, storage, partialUploads }: SweepDeps, now: Date): Promise<Swept> {
  const before = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
  return {
    // Before the keys under which a question could go on.
    ...(await sweepUsage(database, now)),
    tokens: await database.transaction(async (tx) => {
      // Used tokens are kept until they would have expired: seeing one again ends its family.
      const gone = await tx.delete(refreshTokens).where(lt(refreshTokens.expiresAt, now)).returning();
      return gone.length;
    }),
    idempotencyKeys: await database.transaction(async (tx) => {
      const gone = await tx
        .delete(idempotencyKeys)
        .where(lt(idempotencyKeys.createdAt, before(24)))
        .returning();
      return gone.length;
    }),
    people: await sweepPeople(database, now),
    ...(await sweepAged(database, now)),
    // An upload that is under way has a file and no row yet; after an hour it has neither or both.
    files: await removeOrphanedFiles(database, storage, before(1)),
    uploads: await partialUploads.sweep(now),
  };
}

async function removeOrphanedFiles(database: Database, storage: FileStorage, before: Date): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const removeUnknown = async () => {
    const keys = batch;
    batch = [];
    if (keys.length === 0) return;
    const known = await database.transaction((tx) =>
      tx.select({ key: documents.storageKey }).from(documents).where(inArray(documents.storageKey, keys)),
    );
    const kept = new Set(known.map(({ key }) => key));
    for (const key of keys.filter((candidate) => !kept.has(candidate))) {
      await storage.remove(key);
      removed++;
    }
  };
  for await (const { key, changedAt } of storage.list()) {
    if (changedAt < before) batch.push(key);
    if (batch.length >= BATCH) await removeUnknown();
  }
  await removeUnknown();
  return removed;
}
