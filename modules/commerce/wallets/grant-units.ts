import type { Transaction } from '../../../db/client.ts';
import { unitOf } from '../../../db/units.ts';
import { creditUnits } from './move-units.ts';

export interface GrantRequest {
  organizationId: string;
  walletId: string;
  unit: string;
  /** Whole and above zero. */
  amount: number;
  /** Why, for people to read. */
  reason: string;
  /** Names the grant: the same one is given once. */
  reference: string;
  /** Who gives it. */
  by: string;
  /** Until when it can be used; missing for ever. */
  expiresAt?: Date | undefined;
}

/**
 * Gives a wallet units on top of what it has.
 * @returns false when this grant was given before, or its organization is gone
 * @throws Error for a unit that is none, or an amount that is not whole and above zero
 */
export async function grantUnits(tx: Transaction, grant: GrantRequest): Promise<boolean> {
  unitOf(grant.unit);
  const { reason, by, ...credit } = grant;
  return creditUnits(tx, { ...credit, why: 'grant', actor: `${by}: ${reason}` });
}
