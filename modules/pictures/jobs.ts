import { z } from 'zod';
import { defineJob } from '../../platform/capabilities/queue/index.ts';

/** Brings a generation as far as it goes; it continues where the row stands. */
export const generationJob = defineJob({
  queue: 'pictures',
  schema: z.strictObject({ organizationId: z.uuid(), imageId: z.uuid() }),
  group: ({ organizationId }) => organizationId,
});
