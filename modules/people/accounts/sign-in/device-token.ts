import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { digest } from '../../identity/index.ts';
import type { Person } from '../person.ts';

/*
 * A device on which somebody has signed in remembers that with a token, so that wrong passwords of others do not make it
 * wait. It opens nothing by itself. Its key is the hash of the password, which a new password changes and which only the login
 * that signs people in can read: nothing has to be stored.
 */

/** Days that a device stays known after a sign-in. */
export const DEVICE_DAYS = 180;
const DAY_MS = 24 * 3600 * 1000;

type Owner = Pick<Person, 'id' | 'passwordHash'>;

const macOf = ({ id, passwordHash }: Owner, expiresAt: string, nonce: string) =>
  createHmac('sha256', passwordHash).update(`device ${id} ${expiresAt} ${nonce}`).digest('base64url');

export function newDeviceToken(owner: Owner, now = Date.now()): string {
  const expiresAt = String(now + DEVICE_DAYS * DAY_MS);
  const nonce = randomBytes(16).toString('base64url');
  return [expiresAt, nonce, macOf(owner, expiresAt, nonce)].join('.');
}

/** What attempts from a known device are counted under; undefined for a token that is not this person's, or has expired. */
export function knownDevice(token: string | undefined, owner: Owner, now = Date.now()): string | undefined {
  const [expiresAt = '', nonce = '', mac = '', ...rest] = token?.split('.') ?? [];
  if (rest.length > 0 || !(Number(expiresAt) > now)) return undefined;
  const [given, wanted] = [Buffer.from(mac), Buffer.from(macOf(owner, expiresAt, nonce))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return digest(`device ${nonce}`);
}
