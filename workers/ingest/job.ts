import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';

export const ingestJob = z.strictObject({ organizationId: z.uuid(), documentId: z.uuid() });
export type IngestJob = z.output<typeof ingestJob>;

/** Has a stored document read and indexed; the job exists exactly when the transaction commits. */
export const enqueueIngest = (queue: Queue, tx: Transaction, job: IngestJob): Promise<void> =>
  queue.send(tx, 'ingest', job, { group: job.organizationId });
