import { and, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { documents } from '../../db/schema/documents.ts';
import { idempotencyKeys } from '../../db/schema/idempotency-keys.ts';
import { refreshTokens } from '../../db/schema/refresh-tokens.ts';
import { announceChange } from '../../platform/capabilities/document-feed/index.ts';
import { type Notifications, tellDocumentFailure } from '../../platform/capabilities/notifications/index.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
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
  /** Documents whose job is gone, for instance because its worker was killed at every attempt. */
  stuck: number;
}

interface SweepDeps {
  database: Database;
  storage: FileStorage;
  notifications: Notifications;
}

/** Removes what has run out and mends what was left half-way. Doing it twice does nothing twice. */
export async function sweep(deps: SweepDeps, now: Date): Promise<Swept> {
  const { database, storage } = deps;
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
    stuck: await failStuckDocuments(deps),
    // An upload that is under way has a file and no row yet; after an hour it has neither or both.
    files: await removeOrphanedFiles(database, storage, before(1)),
  };
}

async function failStuckDocuments({ database, notifications }: SweepDeps): Promise<number> {
  return database.transaction(async (tx) => {
    const stuck = await tx
      .update(documents)
      .set({ status: 'failed', failure: 'crashed', updatedAt: sql`now()` })
      .where(
        and(
          inArray(documents.status, ['queued', 'processing']),
          lt(documents.updatedAt, sql`now() - interval '1 minute'`),
          sql`not exists (
            select 1 from pgboss.job
            where job.name = 'ingest' and job.state in ('created', 'retry', 'active')
              and job.data->>'documentId' = ${documents.id}::text)`,
        ),
      )
      .returning();
    for (const document of stuck) {
      await announceChange(tx, document.id);
      const at = document.updatedAt.toISOString();
      await tellDocumentFailure(tx, notifications, document, 'crashed', `${document.id}/${at}`);
    }
    return stuck.length;
  });
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
