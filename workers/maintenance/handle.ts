import type { Provided } from '../../platform/runtime/boot.ts';
import { cache } from '../../platform/runtime/providers/cache.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { vectors } from '../../platform/runtime/providers/vectors.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { eraseOrganization } from './erase-organization.ts';
import { maintenanceJob } from './job.ts';
import { sweep } from './sweep.ts';

export const provide = { database, storage, vectors, cache, notifications };

/** Keeps the platform tidy: erases what deleted documents and organizations left, and sweeps on a schedule. */
export async function handle(delivery: Delivery, deps: Provided<typeof provide>): Promise<void> {
  const job = maintenanceJob.parse(delivery.payload);
  if (job.kind === 'erase-document') {
    await deps.vectors.removeDocument(job.organizationId, job.documentId);
    await deps.storage.remove(job.storageKey);
    return;
  }
  if (job.kind === 'erase-organization') return eraseOrganization(deps, job.organizationId);
  const swept = await sweep(deps, new Date());
  delivery.log.info(swept, 'Swept');
}
