import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';

const eraseDocument = z.strictObject({
  kind: z.literal('erase-document'),
  organizationId: z.uuid(),
  documentId: z.uuid(),
  storageKey: z.string(),
});

const eraseOrganization = z.strictObject({ kind: z.literal('erase-organization'), organizationId: z.uuid() });

/** The schedule sends a job without a payload each minute; that is the watch, which sweeps as well when that is due. */
export const maintenanceJob = z
  .nullish(
    z.discriminatedUnion('kind', [
      eraseDocument,
      eraseOrganization,
      z.strictObject({ kind: z.enum(['sweep', 'watch']) }),
    ]),
  )
  .transform((job) => job ?? { kind: 'watch' as const });

/** Removes what a deleted document left outside the database, once the deletion is committed. */
export const enqueueErase = (
  queue: Queue,
  tx: Transaction,
  document: Omit<z.output<typeof eraseDocument>, 'kind'>,
): Promise<void> => queue.send(tx, 'maintenance', { kind: 'erase-document', ...document });

/** Removes all of an organization whose owner asked for it, once that is committed. */
export const enqueueErasure = (queue: Queue, tx: Transaction, organizationId: string): Promise<void> =>
  queue.send(tx, 'maintenance', { kind: 'erase-organization', organizationId });
