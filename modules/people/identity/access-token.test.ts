import { createPublicKey, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, inject, it, vi } from 'vitest';
import { readPrivateKey, readPublicKey } from '../../../platform/capabilities/signing-keys/key-pair.ts';
import { createTokenIssuer, createTokenVerifier } from './access-token.ts';

const { privatePath, publicPath } = inject('services').keys;
const privateKey = await readPrivateKey(privatePath);
const publicKey = await readPublicKey(publicPath);
const verifier = createTokenVerifier(publicKey);

const caller = { userId: randomUUID(), organizationId: randomUUID(), role: 'member' as const };
const good = { sub: caller.userId, org: caller.organizationId, role: caller.role, iss: 'pandect', aud: 'pandect-api' };
const now = () => Math.floor(Date.now() / 1000);

/** A token of ours but for what `claims` change; a claim set to undefined is left out. */
const sign = (claims: JWTPayload = {}, key: Parameters<SignJWT['sign']>[0] = privateKey, alg = 'RS256') =>
  new SignJWT({ ...good, iat: now(), exp: now() + 60, ...claims }).setProtectedHeader({ alg }).sign(key);

const refusal = async (token: string) => {
  const error = await verifier.verify(token).catch((thrown: unknown) => thrown);
  const { type, headers } = error as { type: string; headers: Record<string, string> };
  return { type, challenge: headers['www-authenticate'] };
};
const unauthenticated = { type: 'unauthenticated', challenge: 'Bearer error="invalid_token"' };

describe('access tokens', () => {
  it('say again who they were issued to', async () => {
    const issuer = await createTokenIssuer(privateKey, publicKey, 60);
    expect(await verifier.verify(await issuer.issue(caller))).toEqual(caller);
  });

  it('say who administers the platform', async () => {
    const issuer = await createTokenIssuer(privateKey, publicKey, 60);
    const administrator = { ...caller, administrator: true };
    expect(await verifier.verify(await issuer.issue(administrator))).toEqual(administrator);
    expect(await refusal(await sign({ admin: 'yes' }))).toEqual(unauthenticated);
  });

  it('are refused when they were revoked, however often they were good before', async () => {
    const revoked = { at: 0 };
    const mindful = createTokenVerifier(publicKey, {
      isRevoked: async ({ userId }, issuedAt) => userId === caller.userId && issuedAt < revoked.at,
    });
    const issuer = await createTokenIssuer(privateKey, publicKey, 60);
    const issuedAt = new Date(Date.now() - 1_000);
    const token = await issuer.issue(caller, issuedAt);
    expect(await mindful.verify(token)).toEqual(caller);
    revoked.at = issuedAt.getTime();
    expect(await mindful.verify(token)).toEqual(caller);
    revoked.at++;
    await expect(mindful.verify(token)).rejects.toMatchObject({ type: 'unauthenticated' });
    expect(await mindful.verify(await issuer.issue(caller, new Date(revoked.at)))).toEqual(caller);
  });

  it('end when they expire, however often they were good before', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const token = await sign({ exp: now() + 60 });
      for (let use = 0; use < 3; use++) expect(await verifier.verify(token)).toEqual(caller);
      vi.setSystemTime(Date.now() + 59_000);
      expect(await verifier.verify(token)).toEqual(caller);
      vi.setSystemTime(Date.now() + 1_000);
      expect(await refusal(token)).toEqual(unauthenticated);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are refused with another signature after they were good', async () => {
    const token = await sign();
    await verifier.verify(token);
    const [header, payload, signature = ''] = token.split('.');
    const forged = Buffer.from(signature, 'base64url');
    forged[0] = (forged[0] as number) ^ 1;
    expect(await refusal(`${header}.${payload}.${forged.toString('base64url')}`)).toEqual(unauthenticated);
  });

  it('carry the thumbprint of the key they are checked with', async () => {
    const token = await (await createTokenIssuer(privateKey, publicKey, 60)).issue(caller);
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    expect(header).toEqual({ alg: 'RS256', kid: expect.stringMatching(/^[\w-]{43}$/) });
  });

  it.each<[string, JWTPayload]>([
    ['expired', { exp: now() - 1 }],
    ['without a beginning', { iat: undefined as never }],
    ['without an end', { exp: undefined as never }],
    ['not yet valid', { nbf: now() + 3600 }],
    ['for another audience', { aud: 'other-api' }],
    ['without an audience', { aud: undefined as never }],
    ['of another issuer', { iss: 'somebody' }],
    ['without a user', { sub: undefined as never }],
    ['with a user that is no id', { sub: '1 or 1=1' }],
    ['without an organization', { org: undefined }],
    ['with an organization that is no id', { org: '*' }],
    ['with a role that does not exist', { role: 'root' }],
    ['with several roles', { role: ['owner'] }],
  ])('are refused when they are %s', async (_, claims) => {
    expect(await refusal(await sign(claims))).toEqual(unauthenticated);
  });

  it('are refused when another key signed them', async () => {
    const { privateKey: other } = await generateKeyPair('RS256');
    expect(await refusal(await sign({}, other))).toEqual(unauthenticated);
  });

  it('are refused when their claims were changed afterwards', async () => {
    const [header, , signature] = (await sign()).split('.');
    const claims = Buffer.from(JSON.stringify({ ...good, role: 'owner', exp: now() + 60 })).toString('base64url');
    expect(await refusal(`${header}.${claims}.${signature}`)).toEqual(unauthenticated);
  });

  it('are refused unsigned', async () => {
    const unsigned = new UnsecuredJWT({ ...good, exp: now() + 60 }).encode();
    expect(await refusal(unsigned)).toEqual(unauthenticated);
    expect(await refusal(`${unsigned}${(await sign()).split('.')[2]}`)).toEqual(unauthenticated);
  });

  it('are refused when the public key was used as the secret of an HMAC', async () => {
    const pem = await readFile(publicPath);
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    for (const secret of [pem, der, Buffer.from(JSON.stringify(await exportJWK(publicKey)))]) {
      expect(await refusal(await sign({}, new Uint8Array(secret), 'HS256'))).toEqual(unauthenticated);
    }
  });

  it('are refused with another algorithm of the same key', async () => {
    const { privateKey: ps } = await generateKeyPair('PS256');
    expect(await refusal(await sign({}, ps, 'PS256'))).toEqual(unauthenticated);
  });

  it.each(['', '.', '..', 'a.b.c', 'null', 'x'.repeat(100_000)])(
    'are refused when they are no token at all: %#',
    async (token) => {
      expect(await refusal(token)).toEqual(unauthenticated);
    },
  );
});
