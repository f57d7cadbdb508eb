import type { Channel, KeyScope } from '../../../db/schema/people/api-keys.ts';
import type { UserRole } from '../../../db/schema/people/users.ts';

/** The sender of a request, as the access token or the API key states it. */
export interface Caller {
  userId: string;
  organizationId: string;
  role: UserRole;
  /** Has access to the administration of the platform. */
  administrator?: boolean;
  /** Only of people: the sign-in that the token came from. */
  sessionId?: string;
  /** Only of people: when they proved their password, in seconds since 1970; a refresh keeps it. */
  signedInAt?: number;
  /** Only for programs: the key and the scopes it grants. */
  keyId?: string;
  scopes?: readonly KeyScope[];
  /** Only of a key: what it may do at the gateway, besides what its channel may. */
  gateway?: KeyLimits;
  /** Selects the rate limits that apply; `external` by default. */
  channel?: Channel;
}

/** Limits of one key; what is missing is not limited by it. */
export interface KeyLimits {
  /** Names of routes, or patterns such as `team/*`. */
  routes?: readonly string[];
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  /** Requests in progress. */
  concurrency?: number;
}

/** Checks credentials. Modules implement it, so that the runtime depends on no kind of account. */
export interface TokenVerifier {
  /** @throws Problem unauthenticated for a credential that is expired, forged or meant for another audience */
  verify(credential: string): Promise<Caller>;
  /** Whether a credential is the API key of a program. Looks at its form only. */
  isKey(credential: string): boolean;
  /** Whether this process found a credential good before, so that it costs next to nothing to check again. */
  isKnown?(credential: string): boolean;
}
