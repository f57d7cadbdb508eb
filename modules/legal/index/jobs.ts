import { z } from 'zod';
import { defineJob } from '../../../platform/capabilities/queue/index.ts';

/** Brings the documents of one organization that an index generation lacks into it. */
export const indexOrganizationJob = defineJob({
  queue: 'reindex',
  schema: z.strictObject({
    kind: z.literal('organization'),
    generation: z.int().min(1),
    organizationId: z.uuid(),
  }),
  group: ({ organizationId }) => organizationId,
});
export type IndexOrganization = z.output<typeof indexOrganizationJob.schema>;

/** Looks now at what there is to do for all generations. */
export const advanceJob = defineJob({ queue: 'reindex', schema: z.strictObject({ kind: z.literal('advance') }) });
