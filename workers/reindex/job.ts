import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';

const indexOrganization = z.strictObject({
  kind: z.literal('organization'),
  generation: z.int().min(1),
  organizationId: z.uuid(),
});
export type IndexOrganization = z.output<typeof indexOrganization>;

/** The schedule sends a job without a payload; that looks at what is to do. */
export const reindexJob = z
  .nullish(z.discriminatedUnion('kind', [indexOrganization, z.strictObject({ kind: z.literal('advance') })]))
  .transform((job) => job ?? { kind: 'advance' as const });

/** Brings the documents of one organization that an index generation lacks into it. */
export const enqueueOrganization = (
  queue: Queue,
  tx: Transaction,
  job: Omit<IndexOrganization, 'kind'>,
): Promise<void> => queue.send(tx, 'reindex', { kind: 'organization', ...job }, { group: job.organizationId });

/** Looks now at what there is to do for all generations. */
export const enqueueAdvance = (queue: Queue, tx: Transaction): Promise<void> =>
  queue.send(tx, 'reindex', { kind: 'advance' });
