import type { Transaction } from '../../db/client.ts';
import { recordAct } from '../../modules/people/record-act.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';

/**
 * Writes down that an administrator of the platform looked at rows of many organizations, in the log of the administrator's
 * own organization. What is read of a single one stands in that one's log.
 */
export const recordRead = (
  tx: Transaction,
  { organizationId, userId: actorId }: Caller,
  action: 'list-organizations' | 'list-payments' | 'list-usage',
  details: Record<string, unknown>,
): Promise<void> => recordAct(tx, { organizationId, actorId, action, details });
