import type { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { CommitUnknown } from '../../../db/pool.ts';
import { type FilePurpose, gatewayFiles } from '../../../db/schema/models/gateway-files.ts';
import {
  type FileStorage,
  FileTooLarge,
  newStorageKey,
  type StoredFile,
} from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { payloadTooLarge } from '../../../platform/kernel/problems.ts';
import { fileQuotaReached } from '../problems.ts';
import type { FileRow } from './list-files.ts';

/** All files of an organization together, those that the platform made included; they do not count against the storage of its plan. */
export const MOST_BYTES_HELD = 2 * 1024 ** 3;
/** Days after which files are removed. */
const KEPT_DAYS = 30;

export interface NewFile {
  organizationId: string;
  userId: string | null;
  purpose: FilePurpose;
  fileName: string;
}

/** A stored file that no row has yet. It is deleted at its end (`await using`), unless it was kept. */
export interface LooseFile extends StoredFile, AsyncDisposable {
  storageKey: string;
  /** Adds its row in the caller's transaction. @throws Problem file-quota-reached */
  addTo(tx: Transaction, file: NewFile): Promise<FileRow>;
  /** The transaction is over: from now on a row has it, or may have it. */
  keep(): void;
}

/** Streams a file into the storage. @throws Problem payload-too-large; whatever the stream fails with */
export async function storeLoose(content: Readable, storage: FileStorage, maxBytes: number): Promise<LooseFile> {
  const storageKey = newStorageKey();
  let isKept = false;
  const stored = await storage.write(storageKey, content, { maxBytes }).catch((error: unknown) => {
    if (error instanceof FileTooLarge) throw new Problem(payloadTooLarge, { parameters: { limit: maxBytes } });
    throw error;
  });
  return {
    ...{ ...stored, storageKey },
    async addTo(tx, file) {
      await requireRoom(tx, file.organizationId, stored.bytes);
      const [row] = await tx
        .insert(gatewayFiles)
        .values({
          ...file,
          bytes: stored.bytes,
          storageKey,
          expiresAt: sql`now() + make_interval(days => ${KEPT_DAYS})`,
        })
        .returning();
      if (!row) throw new Error('Store file: no row came back');
      return row;
    },
    keep() {
      isKept = true;
    },
    async [Symbol.asyncDispose]() {
      if (!isKept) await storage.remove(storageKey);
    },
  };
}

/** Runs the transaction that gives stored files their rows; they stay when that may have happened. @returns undefined when it gave none */
export async function keepFiles<T>(
  database: Database,
  files: readonly LooseFile[],
  organizationId: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const keep = () => {
    for (const file of files) file.keep();
  };
  try {
    const result = await database.tenant(organizationId, work);
    if (result !== undefined) keep();
    return result;
  } catch (error) {
    if (error instanceof CommitUnknown) keep();
    throw error;
  }
}

/** One upload after the other, so that two at once do not both take the last room. */
async function requireRoom(tx: Transaction, organizationId: string, bytes: number): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`gateway files ${organizationId}`}, 0))`);
  const [{ held } = { held: 0 }] = await tx
    .select({ held: sql<number>`coalesce(sum(${gatewayFiles.bytes}), 0)::float8` })
    .from(gatewayFiles);
  if (held + bytes > MOST_BYTES_HELD) throw new Problem(fileQuotaReached, { parameters: { limit: MOST_BYTES_HELD } });
}
