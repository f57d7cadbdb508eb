import { lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { refreshTokens } from '../../db/schema/people/refresh-tokens.ts';
import { idempotencyKeys } from '../../db/schema/platform/idempotency-keys.ts';
import type { FileStorage, PartialUploads } from '../../platform/capabilities/storage/index.ts';
import { type SweptAged, sweepAged } from './sweep-aged.ts';
import { type FileCheck, type SweptFiles, sweepFiles } from './sweep-files.ts';
import { sweepPeople } from './sweep-people.ts';
import { type Retention, type SweptRetained, sweepRetained } from './sweep-retained.ts';
import { type SweptUsage, sweepUsage } from './sweep-usage.ts';

const HOUR_MS = 3_600_000;

export interface Swept extends SweptUsage, SweptAged, SweptFiles, SweptRetained {
  tokens: number;
  idempotencyKeys: number;
  /** Revocations, tokens of e-mails, counts of wrong passwords. */
  people: number;
  /** Resumable uploads that can no longer be continued, and what is remembered of finished ones. */
  uploads: number;
}

interface SweepDeps {
  database: Database;
  storage: FileStorage;
  partialUploads: PartialUploads;
  fileGraceDays: number;
  fileCheck: FileCheck;
  retention: Retention;
}

/** Removes what has run out and mends what was left half-way. Doing it twice does nothing twice. */
export async function sweep(deps: SweepDeps, now: Date): Promise<Swept> {
  const { database, partialUploads, retention } = deps;
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
    ...(await sweepFiles(deps, now)),
    ...(await sweepRetained(database, retention, now)),
    uploads: await partialUploads.sweep(now),
  };
}
