import type { Transaction } from '../../../../db/client.ts';
import type { TokenIssuer } from '../../identity/index.ts';
import type { Person } from '../person.ts';
import { newDeviceToken } from './device-token.ts';
import { issueRefreshToken } from './refresh-family.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
  /** Tells at a later sign-in that this device is known; opens nothing. */
  deviceToken: string;
}

export interface SessionDeps {
  tokens: TokenIssuer;
  refreshDays: number;
}

/**
 * Tokens for a person, who must be held or made by this transaction.
 * @param options.familyId the sign-in that continues; a new one unless told
 * @param options.issuedAt for a person whose tokens were just revoked: from when on new ones are good
 */
export async function openSession(
  tx: Transaction,
  { tokens, refreshDays }: SessionDeps,
  person: Person,
  options: { familyId?: string; issuedAt?: Date } = {},
): Promise<Session> {
  const { id: userId, organizationId, role, administrator } = person;
  return {
    accessToken: await tokens.issue({ userId, organizationId, role, administrator }, options.issuedAt),
    refreshToken: await issueRefreshToken(tx, userId, refreshDays, options.familyId),
    expiresIn: tokens.expiresIn,
    deviceToken: newDeviceToken(person),
  };
}
