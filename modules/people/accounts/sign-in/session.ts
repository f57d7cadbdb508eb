import type { Transaction } from '../../../../db/client.ts';
import type { TokenIssuer } from '../../identity/index.ts';
import type { Person } from '../person.ts';
import { newDeviceToken } from './device-token.ts';
import { type Family, issueRefreshToken } from './refresh-family.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
  /** Seconds until the refresh token expires. */
  refreshExpiresIn: number;
  /** Tells at a later sign-in that this device is known; opens nothing. */
  deviceToken: string;
}

export interface SessionDeps {
  tokens: TokenIssuer;
  refreshDays: number;
}

/**
 * Tokens for a person, who must be held or made by this transaction.
 * @param options.family the sign-in that continues; a new one unless told
 * @param options.issuedAt for a person whose tokens were just revoked: from when on new ones are good
 */
export async function openSession(
  tx: Transaction,
  { tokens, refreshDays }: SessionDeps,
  person: Person,
  { family = { familyId: crypto.randomUUID() }, issuedAt }: { family?: Family; issuedAt?: Date } = {},
): Promise<Session> {
  const { id: userId, organizationId, role, administrator } = person;
  const { token, startedAt } = await issueRefreshToken(tx, userId, refreshDays, family);
  const signedInAt = Math.floor(startedAt.getTime() / 1000);
  const caller = { userId, organizationId, role, administrator, sessionId: family.familyId, signedInAt };
  return {
    accessToken: await tokens.issue(caller, issuedAt),
    refreshToken: token,
    refreshExpiresIn: refreshDays * 24 * 3600,
    expiresIn: tokens.expiresIn,
    deviceToken: newDeviceToken(person),
  };
}
