import type { Database } from '../../db/client.ts';
import { sweepUpdates } from '../../modules/bots/watch.ts';
import { replayJournals } from '../../modules/commerce/metering/calls/replay-journals.ts';
import { type SweptUsage, sweepUsage } from '../../modules/commerce/metering/index.ts';
import { CALL_JOURNAL_DIR } from '../../modules/commerce/variables.ts';
import { type FileSweepDeps, type SweptFiles, sweepFiles } from '../../modules/legal/documents/files/sweep.ts';
import { removeReplaced } from '../../modules/legal/documents/remove-replaced.ts';
import { keptSince, type Retention } from '../../modules/legal/retention/provide-retention.ts';
import { sweepConversations } from '../../modules/legal/sweep-conversations.ts';
import { sweepLetters, sweepTelegram } from '../../modules/messages/sweep.ts';
import { type SweptModels, sweepModels } from '../../modules/models/sweep.ts';
import { type SweptPeople, sweepPeople } from '../../modules/people/sweep.ts';
import { sweepIdempotencyKeys } from '../../platform/capabilities/idempotency/index.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import { sweepBuckets } from '../../platform/capabilities/rates/index.ts';
import type { ErasureJournal } from '../../platform/capabilities/storage/erasure-journal.ts';
import type { PartialUploads } from '../../platform/capabilities/storage/index.ts';
import { defineProvider } from '../../platform/runtime/boot.ts';

export interface Swept extends SweptUsage, SweptPeople, SweptFiles, SweptModels {
  /** Lines of journals of calls that were read. */
  journaled: number;
  idempotencyKeys: number;
  buckets: number;
  mails: number;
  /** Numbers of updates of bots. */
  updates: number;
  telegramMessages: number;
  conversations: number;
  /** Versions of documents. */
  replaced: number;
  /** Resumable uploads that can no longer be continued, and what is remembered of finished ones. */
  uploads: number;
  /** Erasures that only this host had noted, and now all hosts do. */
  erasures: number;
}

export const journalFolder = defineProvider([CALL_JOURNAL_DIR], (_, { CALL_JOURNAL_DIR }) => CALL_JOURNAL_DIR);

interface SweepDeps extends FileSweepDeps {
  journalFolder: string;
  database: Database;
  queue: Queue;
  partialUploads: PartialUploads;
  erasureJournal: Pick<ErasureJournal, 'share'>;
  retention: Retention;
}

/** Has everyone who keeps something remove what has run out and mend what was left half-way. Doing it twice does nothing twice. */
export async function sweep(deps: SweepDeps, now: Date): Promise<Swept> {
  const { database, partialUploads, erasureJournal } = deps;
  const since = keptSince(deps.retention, now);
  // Before what no one ended is charged with what it held.
  const journaled = await replayJournals(database, deps.journalFolder, now);
  return {
    journaled,
    // Before the keys under which a question could continue.
    ...(await sweepUsage(database, since.usage, now)),
    idempotencyKeys: await sweepIdempotencyKeys(database, now),
    ...(await sweepPeople(database, since.audit, now)),
    buckets: await sweepBuckets(database, now),
    mails: await sweepLetters(database, now),
    updates: await sweepUpdates(database, now),
    telegramMessages: await sweepTelegram(database, now),
    ...(await sweepModels(database, now)),
    ...(await sweepFiles(deps, now)),
    conversations: await sweepConversations(database, since.conversations),
    replaced: await removeReplaced(deps, since.replaced),
    uploads: await partialUploads.sweep(now),
    erasures: await erasureJournal.share(),
  };
}
