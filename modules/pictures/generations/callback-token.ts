import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The token in the address where a provider calls back. It names the organization, whose rows can be seen only then, and carries 24 random
 * bytes; the row has its hash alone.
 */
export function newCallbackToken(organizationId: string): { token: string; hash: string } {
  const id = Buffer.from(organizationId.replaceAll('-', ''), 'hex');
  const token = Buffer.concat([id, randomBytes(24)]).toString('base64url');
  return { token, hash: hashOf(token) };
}

/** @returns undefined for what is no token */
export function organizationOf(token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 40 || bytes.toString('base64url') !== token) return undefined;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function isToken(token: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(hash));
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
