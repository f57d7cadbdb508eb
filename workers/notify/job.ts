import { z } from 'zod';

/** Enqueued by `platform/capabilities/outbox` with the row. */
export const notifyJob = z.strictObject({ notificationId: z.uuid() });
