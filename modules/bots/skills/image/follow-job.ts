import { z } from 'zod';
import { defineJob } from '../../../../platform/capabilities/queue/index.ts';

/** Tells a person how far a generation is; it comes again until that has ended. */
export const followJob = defineJob({
  queue: 'chats',
  schema: z.strictObject({ kind: z.literal('image'), organizationId: z.uuid(), imageId: z.uuid() }),
  group: ({ imageId }) => `image:${imageId}`,
});
