import { z } from 'zod';
import { defineJob } from '../../../../platform/capabilities/queue/index.ts';

/** Tells who ordered something from a bot that it was paid for in roubles, and credited. */
export const paidOrderJob = defineJob({
  queue: 'chats',
  schema: z.strictObject({ kind: z.literal('paid-order'), organizationId: z.uuid(), orderId: z.uuid() }),
  group: ({ orderId }) => `paid:${orderId}`,
});
