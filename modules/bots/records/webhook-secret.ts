import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
const RANDOM_BYTES = 24;

/**
 * What Telegram sends with each update of a bot. It names the organization, whose rows can be seen only then, and carries 24 random bytes;
 * the characters are those that Telegram allows.
 */
export function newWebhookSecret(organizationId: string): string {
  const id = Buffer.from(organizationId.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, randomBytes(RANDOM_BYTES)]).toString('base64url');
}

/** @returns undefined for what is no secret of ours */
export function organizationOf(secret: string): string | undefined {
  const bytes = Buffer.from(secret, 'base64url');
  if (bytes.length !== ID_BYTES + RANDOM_BYTES || bytes.toString('base64url') !== secret) return undefined;
  return bytes.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** In constant time. */
export const isHashed = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));
