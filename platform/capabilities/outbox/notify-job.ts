import { z } from 'zod';
import { defineJob } from '../queue/index.ts';

/** Sends a letter that is written down; its group is the organization. */
export const notifyJob = defineJob({ queue: 'notify', schema: z.strictObject({ notificationId: z.uuid() }) });
