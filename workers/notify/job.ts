import { z } from 'zod';

/** Enqueued by `platform/capabilities/notifications` with the row. */
export const notifyJob = z.strictObject({ notificationId: z.uuid() });
