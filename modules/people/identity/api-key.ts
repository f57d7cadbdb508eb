import { type KeyScope, keyScopes } from '../../../db/schema/people/api-keys.ts';
import type { UserRole } from '../../../db/schema/people/users.ts';
import { newSecret } from './secret.ts';

/**
 * `pandect_<organization>_<secret>`, both in base64url. The organization stands in the key, so that a process that may
 * see one organization at a time knows where to look for it.
 */

const form = /^pandect_([\w-]{22})_[\w-]{43}$/;
/** Of the secret, so many characters are shown later to recognize a key by. */
const SHOWN = 6;

export const isApiKey = (credential: string): boolean => credential.startsWith('pandect_');

export function newApiKey(organizationId: string): { key: string; prefix: string } {
  const organization = Buffer.from(organizationId.replaceAll('-', ''), 'hex').toString('base64url');
  const start = `pandect_${organization}_`;
  const key = start + newSecret();
  return { key, prefix: key.slice(0, start.length + SHOWN) };
}

/** The id that stands in a key; `undefined` for what is no key of ours. */
export function organizationOfKey(key: string): string | undefined {
  const [, organization] = form.exec(key) ?? [];
  if (organization === undefined) return undefined;
  const hex = Buffer.from(organization, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What a person's keys may be used for. Viewers make none, and the keys they made before only read. */
export const scopesOf = (role: UserRole): readonly KeyScope[] =>
  role === 'viewer' ? keyScopes.filter((scope) => scope !== 'documents:write') : keyScopes;
