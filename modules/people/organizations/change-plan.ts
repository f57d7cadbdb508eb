import type { Transaction } from '../../../db/client.ts';
import { type OrganizationChanges, type OrganizationRow, updateOrganization } from './update.ts';

/** Changes which plan an organization has, and for how long. @returns undefined when it is gone */
export const changePlan = (
  tx: Transaction,
  id: string,
  plan: Pick<OrganizationChanges, 'tier' | 'subscriptionStartedAt' | 'subscriptionEndsAt'>,
): Promise<OrganizationRow | undefined> => updateOrganization(tx, id, plan);
