import { type CryptoKey, calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Channel, KeyScope } from '../../../db/schema/api-keys.ts';
import { userRoles } from '../../../db/schema/users.ts';
import { Problem } from '../../kernel/problem.ts';
import { ALGORITHM } from './key-pair.ts';

/** Who sends a request, as the access token or the API key says. */
export interface Caller {
  userId: string;
  organizationId: string;
  role: (typeof userRoles)[number];
  /** May use the administration of the platform. */
  administrator?: boolean;
  /** Only of programs: the key, and what it may be used for. */
  keyId?: string;
  scopes?: readonly KeyScope[];
  /** Whose limits on rates apply; `external` unless told. */
  channel?: Channel;
}

const ISSUER = 'pandect';
const AUDIENCE = 'pandect-api';

const claims = z.object({ sub: z.uuid(), org: z.uuid(), role: z.enum(userRoles), exp: z.number() });

export interface TokenIssuer {
  readonly expiresIn: number;
  /** A signed token for `expiresIn` seconds. */
  issue(caller: Caller): Promise<string>;
}

export async function createTokenIssuer(
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  expiresIn: number,
): Promise<TokenIssuer> {
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  return {
    expiresIn,
    issue: ({ userId, organizationId, role }) =>
      new SignJWT({ org: organizationId, role })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setJti(crypto.randomUUID())
        .setExpirationTime(`${expiresIn}s`)
        .sign(privateKey),
  };
}

export interface TokenVerifier {
  /** @throws Problem unauthenticated for a token that is expired, forged or meant for others */
  verify(token: string): Promise<Caller>;
}

/** Tokens that were good lately; the least recently admitted is forgotten first. */
const REMEMBERED = 1_000;

/**
 * A token that was good once is good until it expires, since nothing else ends it, so its signature is checked once:
 * that costs as much as all else about a small request. A changed token is another one.
 */
export function createTokenVerifier(publicKey: CryptoKey): TokenVerifier {
  const good = new Map<string, { caller: Caller; expiresAt: number }>();
  return {
    async verify(token) {
      const known = good.get(token);
      if (known && Date.now() < known.expiresAt) return known.caller;
      good.delete(token);
      const { caller, expiresAt } = await check(token, publicKey);
      for (const oldest of good.keys()) {
        if (good.size < REMEMBERED) break;
        good.delete(oldest);
      }
      good.set(token, { caller, expiresAt });
      return caller;
    },
  };
}

async function check(token: string, publicKey: CryptoKey): Promise<{ caller: Caller; expiresAt: number }> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'sub'],
    });
    const { sub, org, role, exp } = claims.parse(payload);
    return { caller: { userId: sub, organizationId: org, role }, expiresAt: exp * 1000 };
  } catch (cause) {
    throw new Problem('unauthenticated', { cause, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  }
}
