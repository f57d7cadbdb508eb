import { type CryptoKey, calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { userRoles } from '../../../db/schema/people/users.ts';
import { ALGORITHM } from '../../../platform/capabilities/signing-keys/key-pair.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import type { Caller, TokenVerifier } from '../../../platform/runtime/http/caller.ts';
import type { Revocations } from './revocations.ts';

const ISSUER = 'pandect';
const AUDIENCE = 'pandect-api';

const claims = z.object({
  sub: z.uuid(),
  org: z.uuid(),
  role: z.enum(userRoles),
  admin: z.literal(true).optional(),
  sid: z.uuid().optional(),
  auth_time: z.int().optional(),
  iat: z.number(),
  exp: z.number(),
});

export interface TokenIssuer {
  readonly expiresIn: number;
  /** A signed token for `expiresIn` seconds from `issuedAt`, which is now unless told. */
  issue(caller: Caller, issuedAt?: Date): Promise<string>;
}

export async function createTokenIssuer(
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  expiresIn: number,
): Promise<TokenIssuer> {
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  return {
    expiresIn,
    issue({ userId, organizationId, role, administrator, sessionId, signedInAt }, issuedAt = new Date()) {
      // To the millisecond, which RFC 7519 allows: a token of the same second as a revocation is older or newer.
      const iat = issuedAt.getTime() / 1000;
      const rights = { org: organizationId, role, ...(administrator && { admin: true }) };
      return new SignJWT({ ...rights, sid: sessionId, auth_time: signedInAt, iat })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setJti(crypto.randomUUID())
        .setExpirationTime(Math.floor(iat) + expiresIn)
        .sign(privateKey);
    },
  };
}

/** The public key that the head of a token names. */
type FindKey = (header: { kid?: string }) => Promise<CryptoKey>;

/** Tokens that were good lately; the least recently admitted is forgotten first. */
const REMEMBERED = 4_000;

interface GoodToken {
  caller: Caller;
  /** Milliseconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
}

/**
 * A token's signature is checked once: that costs as much as all else about a small request, and a changed token is
 * another one. Whether it has expired or was revoked is looked at each time.
 */
export function createTokenVerifier(
  keys: CryptoKey | FindKey,
  revocations?: Revocations,
): Required<Pick<TokenVerifier, 'verify' | 'isKnown'>> {
  const find: FindKey = typeof keys === 'function' ? keys : async () => keys;
  const good = new Map<string, GoodToken>();
  const admit = async (token: string): Promise<GoodToken> => {
    good.delete(token);
    const checked = await check(token, find);
    for (const oldest of good.keys()) {
      if (good.size < REMEMBERED) break;
      good.delete(oldest);
    }
    good.set(token, checked);
    return checked;
  };
  return {
    isKnown: (token) => good.has(token),
    async verify(token) {
      const known = good.get(token);
      const { caller, issuedAt } = known && Date.now() < known.expiresAt ? known : await admit(token);
      if (await revocations?.isRevoked(caller, issuedAt)) throw invalidCredential(new Error('Verify token: revoked'));
      return caller;
    },
  };
}

async function check(token: string, find: FindKey): Promise<GoodToken> {
  try {
    const { payload } = await jwtVerify(token, find, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'sub'],
    });
    const { sub, org, role, admin, sid, auth_time: signedInAt, iat, exp } = claims.parse(payload);
    const caller = {
      userId: sub,
      organizationId: org,
      role,
      ...(admin && { administrator: true }),
      ...(sid && { sessionId: sid }),
      ...(signedInAt !== undefined && { signedInAt }),
    };
    return { caller, issuedAt: Math.round(iat * 1000), expiresAt: exp * 1000 };
  } catch (cause) {
    throw invalidCredential(cause);
  }
}

/** One and the same answer for whatever is wrong with a credential. @param cause only logged */
export const invalidCredential = (cause: unknown): Problem =>
  new Problem(unauthenticated, { cause, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
