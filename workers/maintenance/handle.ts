import { z } from 'zod';
import { resumeFollowed } from '../../modules/bots/skills/image/resume-followed.ts';
import { checkStars } from '../../modules/bots/stars/check-stars.ts';
import { watchChats } from '../../modules/bots/watch.ts';
import { eraseReplaced } from '../../modules/legal/documents/erase-replaced.ts';
import { eraseDocument } from '../../modules/legal/documents/files/erase.ts';
import type { FileCheck } from '../../modules/legal/documents/files/sweep.ts';
import { eraseDocumentJob } from '../../modules/legal/documents/jobs.ts';
import { watchDocuments } from '../../modules/legal/documents/watch.ts';
import { vectors } from '../../modules/legal/index/provide-vectors.ts';
import { retention } from '../../modules/legal/retention/provide-retention.ts';
import { BACKUP_GRACE_DAYS } from '../../modules/legal/variables.ts';
import { writeUsageReports } from '../../modules/models/reports/write-usage-reports.ts';
import { watchModels } from '../../modules/models/watch.ts';
import { eraseOrganizationJob } from '../../modules/people/erase-organization-job.ts';
import { noteErasureJob } from '../../modules/people/note-erasure-job.ts';
import { IMAGE_WAIT_SECONDS } from '../../modules/pictures/variables.ts';
import { watchPictures } from '../../modules/pictures/watch.ts';
import { type Boot, defineProvider, type Provided } from '../../platform/runtime/boot.ts';
import { cache } from '../../platform/runtime/providers/cache.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { erasureJournal } from '../../platform/runtime/providers/erasure-journal.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { partialUploads } from '../../platform/runtime/providers/partial-uploads.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { checkBilling } from './check-billing.ts';
import { eraseOrganization } from './erase-organization.ts';
import { noteRevokedKeys } from './note-revoked-keys.ts';
import { createPace } from './pace.ts';
import { journalFolder, sweep } from './sweep.ts';

const SWEEP_MS = 10 * 60_000;

/** How many documents stood still at the last look, for the metrics of this process. */
function stalledCount(boot: Boot): { set(count: number): void } {
  let stalled = 0;
  boot.metrics.gauge(
    'documents_stalled',
    'Documents that are being read and have not moved for a minute',
    () => stalled,
  );
  return {
    set(count) {
      stalled = count;
    },
  };
}

/** Of the last sweep. */
function fileCounts(boot: Boot): { set(counts: { orphans: number; missing: number }): void } {
  let last = { orphans: 0, missing: 0 };
  boot.metrics.gauge('files_orphaned', 'Stored files that no document has', () => last.orphans);
  boot.metrics.gauge('pandect_files_missing', 'Documents whose file is not in the storage', () => last.missing);
  return {
    set(counts) {
      last = counts;
    },
  };
}

const fileGraceDays = defineProvider([BACKUP_GRACE_DAYS], (_, { BACKUP_GRACE_DAYS }) => BACKUP_GRACE_DAYS);
const imageWaitSeconds = defineProvider([IMAGE_WAIT_SECONDS], (_, { IMAGE_WAIT_SECONDS }) => IMAGE_WAIT_SECONDS);
const fileCheck = (): FileCheck => ({ after: undefined });
const sweepPace = () => createPace(SWEEP_MS);

export const provide = {
  ...{ database, storage, erasureJournal, partialUploads, vectors, cache, queue, notifications },
  ...{ stalledCount, sweepPace, fileCounts, fileGraceDays, fileCheck, retention, journalFolder, imageWaitSeconds },
};
type Deps = Provided<typeof provide>;

/** The schedule sends a job without a payload each minute; that is the watch, which sweeps as well when that is due. */
const maintenanceJob = z
  .nullish(
    z.discriminatedUnion('kind', [
      eraseDocumentJob.schema,
      eraseOrganizationJob.schema,
      noteErasureJob.schema,
      z.strictObject({ kind: z.enum(['sweep', 'watch']) }),
    ]),
  )
  .transform((job) => job ?? { kind: 'watch' as const });

/**
 * Keeps the platform tidy, on the queues `maintenance` and `default`: erases what deleted documents and organizations left, looks each minute
 * after documents, calls, batches and generations that wait in vain, and sweeps every ten minutes. Checks money on `billing` and writes reports on
 * `internal`.
 */
export async function handle(delivery: Delivery, deps: Deps): Promise<void> {
  const now = new Date();
  if (delivery.queue === 'billing') {
    await checkStars(deps);
    return checkBilling({ ...deps, usageDays: deps.retention.usage }, delivery.log, now);
  }
  if (delivery.queue === 'internal') {
    const reports = await writeUsageReports(deps, now, delivery.signal);
    return delivery.log.info({ reports }, 'Wrote usage reports');
  }
  const job = maintenanceJob.parse(delivery.payload);
  switch (job.kind) {
    case 'erase-document':
      return eraseDocument(deps, job);
    case 'erase-organization':
      return eraseOrganization(deps, job.organizationId);
    case 'note-erasure':
      return deps.erasureJournal.note({ kind: job.person, id: job.id, at: new Date(job.at) });
    case 'sweep':
      return sweepAll(delivery, deps);
    case 'watch':
      await watch(delivery, deps);
      if (deps.sweepPace.isDue()) await sweepAll(delivery, deps);
  }
}

async function sweepAll({ log }: Delivery, deps: Deps): Promise<void> {
  const swept = await sweep(deps, new Date());
  deps.fileCounts.set(swept);
  log.info(swept, 'Swept');
  if (swept.orphans > 0) log.warn({ files: swept.orphans }, 'Stored files that no document has: pandect files orphans');
  if (swept.missing > 0) log.error({ documents: swept.missing }, 'Documents without their file: pandect files missing');
}

async function watch({ log }: Delivery, deps: Deps): Promise<void> {
  const { stalled, ...mended } = await watchDocuments(deps);
  deps.stalledCount.set(stalled.length);
  if (stalled.length > 0) log.warn({ documents: stalled }, 'Documents do not move');
  const erased = await eraseReplaced(deps);
  const calls = await watchModels(deps);
  if (calls.resumed + calls.failed > 0) log.warn(calls, 'Calls and batches had no job');
  const chats = await watchChats(deps);
  if (chats > 0) log.warn({ chats }, 'Chats had no job');
  const followed = await resumeFollowed(deps);
  if (followed > 0) log.warn({ followed }, 'Pictures in chats had no job');
  const pictures = await watchPictures(deps, new Date());
  if (pictures.resumed + pictures.expired > 0) log.warn(pictures, 'Generations had no job or waited too long');
  if (mended.failed + mended.requeued + erased > 0) log.info({ ...mended, erased }, 'Mended');
  // Last: the storage may be down, and nothing else of the watch needs it.
  await noteRevokedKeys(deps, new Date());
}
