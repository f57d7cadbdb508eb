import type { Transaction } from '../../../db/client.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { recordAct } from '../record-act.ts';
import { type OrganizationRow, updateOrganization } from './update.ts';

/** Renames the caller's organization. @throws Problem not-found */
export async function renameOrganization(
  tx: Transaction,
  { organizationId, userId: actorId }: Caller,
  name: string,
): Promise<OrganizationRow> {
  const renamed = await updateOrganization(tx, organizationId, { name });
  if (!renamed) throw new Problem(notFound);
  await recordAct(tx, { organizationId, actorId, action: 'rename-organization', details: { name } });
  return renamed;
}
