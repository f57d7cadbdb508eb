import { z } from 'zod';
import { defineJob } from '../../../platform/capabilities/queue/index.ts';

const organizationId = z.uuid();

/** Work on what callers do not wait for. Ids only: bodies and addresses stand in their tables. */
export const backgroundSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), organizationId, callId: z.uuid() }),
  z.strictObject({ kind: z.literal('batch'), organizationId, batchId: z.uuid() }),
  z.strictObject({ kind: z.literal('callback'), organizationId, callbackId: z.uuid() }),
]);
export type BackgroundWork = z.output<typeof backgroundSchema>;

const group = (work: BackgroundWork) => work.organizationId;

/** Calls, batches, and first tries of callbacks. */
export const externalJob = defineJob({ queue: 'external', schema: backgroundSchema, group });

/** The same once more, after a wait. */
export const retryJob = defineJob({ queue: 'retry', schema: backgroundSchema, group });

export const backgroundJobs = [externalJob, retryJob];
