import { z } from 'zod';
import { defineJob } from '../../platform/capabilities/queue/index.ts';

/** Removes all of an organization whose owner asked for it. */
export const eraseOrganizationJob = defineJob({
  queue: 'maintenance',
  schema: z.strictObject({ kind: z.literal('erase-organization'), organizationId: z.uuid() }),
});
