import { lockPlan, requireDocumentRoom } from '../../../modules/commerce/metering/index.ts';
import { tooLarge } from '../../../modules/legal/documents/files/receive.ts';
import { requireReplaceable } from '../../../modules/legal/documents/replace.ts';
import { emptyFile, tooManyUploads } from '../../../modules/legal/problems.ts';
import type { PartialUpload } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { describedBy, type ResumableDeps } from './finish-upload.ts';

/** Unfinished uploads of one organization: what it takes to send a folder of files side by side, and no more. */
const MOST_UPLOADS = 100;

/**
 * Begins an upload if the plan has room for what it will be, whatever else is on its way counted in. The room itself is only
 * taken when the file is here.
 * @throws Problem file-too-large, too-many-uploads, plan-limit-reached, invalid-request; for a version what `requireReplaceable` throws
 */
export async function beginUpload(
  { database, partialUploads }: ResumableDeps,
  caller: Caller,
  upload: Pick<PartialUpload, 'id' | 'bytes' | 'metadata'>,
): Promise<void> {
  const { organizationId, userId } = caller;
  const { replaces } = describedBy(upload.metadata);
  await database.tenant(organizationId, async (tx) => {
    const plan = await lockPlan(tx, organizationId);
    if (upload.bytes > plan.fileBytes) throw tooLarge(plan.fileBytes);
    if (upload.bytes === 0) throw new Problem(emptyFile);
    if (replaces !== undefined) await requireReplaceable(tx, replaces);
    const held = await partialUploads.held(organizationId);
    if (held.uploads >= MOST_UPLOADS) throw new Problem(tooManyUploads, { parameters: { limit: MOST_UPLOADS } });
    const room = { plan, bytes: upload.bytes, isVersion: replaces !== undefined, announcedBytes: held.bytes };
    await requireDocumentRoom(tx, organizationId, room);
    await partialUploads.create({ organizationId, userId }, upload);
  });
}
