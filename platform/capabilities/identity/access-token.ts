import { type CryptoKey, calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { userRoles } from '../../../db/schema/users.ts';
import { Problem } from '../../kernel/problem.ts';
import { ALGORITHM } from './key-pair.ts';

/** Who sends a request, as the access token says. */
export interface Caller {
  userId: string;
  organizationId: string;
  role: (typeof userRoles)[number];
}

const ISSUER = 'pandect';
const AUDIENCE = 'pandect-api';

const claims = z.object({ sub: z.uuid(), org: z.uuid(), role: z.enum(userRoles) });

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

export const createTokenVerifier = (publicKey: CryptoKey): TokenVerifier => ({
  async verify(token) {
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
      });
      const { sub, org, role } = claims.parse(payload);
      return { userId: sub, organizationId: org, role };
    } catch (cause) {
      throw new Problem('unauthenticated', { cause, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    }
  },
});
